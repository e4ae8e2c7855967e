import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import pg from 'pg';
import { aligned } from '../platform/aligned.js';
import { startPostgres } from '../platform/embedded-postgres.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { isFinal } from '../schemas/order-status.js';
import { services } from '../schemas/services.js';
import { createApiClient } from './demo/api-client.js';
import { seededRandom } from './demo/random.js';
import { openShop, planOrder } from './demo/shop.js';
import { OwnSystem } from './disasters/own-system.js';
import { createBar } from './progress.js';

const program = new Command('sweep-cost')
  .description(
    'Measures what the sweep costs: the time of its statements in PostgreSQL, and the CPU of idle workers.',
  )
  .option('--orders <n>', 'how many orders are placed', Number, 1_000)
  .option('--idle <seconds>', 'how long workers are watched while they have nothing to do', Number, 60)
  .addHelpText(
    'after',
    `
Starts a system of its own, with the product's own times. The CPU of idle workers is read from /proc, so Linux only: once
with the sweep, and once with SWEEP_INTERVAL=1h; each order is charged the difference for as long as the orders took.`,
  )
  .parse();
const { orders, idle } = program.opts<{ orders: number; idle: number }>();
for (const [name, number] of Object.entries({ orders, idle }))
  if (!Number.isInteger(number) || number < 1)
    program.error(`--${name}: expected a whole number of at least 1`);

const signal = shutdownSignal();

/** The first words of those of a sweep, or the catalogue's subscriptions. Whoever shows an order reads its tables as well. */
const OF_THE_SWEEP =
  '^(select swept_until|update journal.(unfinished|sweeps)|insert into journal.unfinished|select order_id as saga_id)|as subscribed \\(';

const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-sweep-cost-'));
const postgres = await startPostgres({
  dataDir,
  settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' },
});
const system = await OwnSystem.prepare(process.env, { DATABASE_URL: postgres.ownerUrl });
try {
  await system.start();
  const seconds = await placeAll();
  const time = await statementTimes();
  const swept = await idleCpu();
  await system.stop('SIGINT');
  await system.start({ SWEEP_INTERVAL: '1h' });
  const unswept = await idleCpu();
  const perSecond = (swept - unswept) / idle;
  const ms = (number: number) => `${number.toFixed(3)} ms`;
  console.log(
    aligned({
      'orders, and seconds for all': `${orders}, ${seconds.toFixed(0)} s`,
      'PostgreSQL, all statements, an order': ms(time.all / orders),
      'PostgreSQL, those of the sweep, an order': ms(time.sweep / orders),
      'their share': `${((100 * time.sweep) / time.all).toFixed(2)} %`,
      'calls of those': String(time.calls),
      [`CPU of idle workers in ${idle} s, with the sweep`]: ms(swept),
      without: ms(unswept),
      'the difference, an order at this rate': ms((perSecond * seconds) / orders),
    }),
  );
} finally {
  await system.remove();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Ten are under way at a time, so that no backlog makes work for the sweep; returns how many seconds all took. */
async function placeAll(): Promise<number> {
  const api = createApiClient(system.apiUrl, signal);
  const shop = await openShop(api, 'sweep-cost');
  const random = seededRandom(1);
  const queue = Array.from({ length: orders }, () => planOrder(shop, random)).entries();
  await query('create extension if not exists pg_stat_statements');
  await query('select pg_stat_statements_reset()');
  const progress = createBar({ format: '{bar} {value}/{total} orders', clearOnComplete: true });
  progress.start(orders, 0);
  const begunAt = performance.now();
  const lane = async () => {
    for (const [index, order] of queue) {
      const { orderId } = await api.place(order, `sweep-cost-${index}`);
      while (!isFinal((await api.order(orderId)).status)) await sleep(500, undefined, { signal });
      progress.increment();
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  progress.stop();
  return (performance.now() - begunAt) / 1_000;
}

interface Times {
  /** Planning and execution, in ms. */
  readonly all: number;
  readonly sweep: number;
  readonly calls: number;
}

/** Of all statements of the services' roles, which are the business. */
async function statementTimes(): Promise<Times> {
  const [times] = await query<Times>(
    `with spent as (
       select total_plan_time + total_exec_time as ms, calls, ltrim(query) ~ '${OF_THE_SWEEP}' as is_sweep
       from pg_stat_statements join pg_roles on pg_roles.oid = userid
       where rolname = any (array[${services.map((service) => `'${service}_service'`).join()}]))
     select sum(ms) as all, coalesce(sum(ms) filter (where is_sweep), 0) as sweep,
       coalesce(sum(calls) filter (where is_sweep), 0)::int as calls from spent`,
  );
  if (!times) throw new Error('pg_stat_statements has nothing');
  return times;
}

async function query<Row extends object>(statement: string): Promise<readonly Row[]> {
  const db = new pg.Client({ connectionString: postgres.ownerUrl });
  await db.connect();
  try {
    return (await db.query<Row>(statement)).rows;
  } finally {
    await db.end();
  }
}

/** The CPU that all workers use while nothing is to be done, in ms. */
async function idleCpu(): Promise<number> {
  await sleep(15_000, undefined, { signal });
  const workers = await system.pidsOf(/^\S*node .*worker\.[jt]s /);
  if (workers.length !== services.length) throw new Error(`${workers.length} workers are running`);
  const before = await cpuOf(workers);
  await sleep(idle * 1_000, undefined, { signal });
  return (await cpuOf(workers)) - before;
}

/** User and system time, which the kernel counts in hundredths of a second. */
async function cpuOf(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  const ticks = stats.map((stat) => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, count) => sum + count, 0) * 10;
}
