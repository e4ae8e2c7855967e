import { once } from 'node:events';
import { statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import pg from 'pg';
import type { SagaId } from '../core/event.js';
import { createPool } from '../core/postgres/pool.js';
import { Forgetting } from '../db/retention/forgetting.js';
import { aligned } from '../platform/aligned.js';
import { withConnections } from '../platform/connections.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { databaseVariable } from '../platform/variables.js';
import { lineOf } from './audit/findings.js';
import { auditUntilClean, findRunning } from './audit/system.js';
import { createApiClient } from './demo/api-client.js';
import { openShop } from './demo/shop.js';
import { untilNoneIsOpen } from './chaos/standing.js';
import { OwnSystem } from './disasters/own-system.js';
import { cloneOrders } from './growth/clone.js';
import { measure, percentile, type Times } from './growth/measures.js';
import { historySizes, tableSizes } from './growth/sizes.js';
import { createBar } from './progress.js';

const program = new Command('growth')
  .description(
    'Starts a system of its own, and compares how long things take with no past orders and with many, which SQL puts there as copies of real ones. Prints what each table takes, and how fast orders are forgotten.',
  )
  .option('--past <n>', 'how many orders of the past', Number, 1_000_000)
  .option(
    '--sample <n>',
    'how many orders are placed each time, and how often everything else is done',
    Number,
    200,
  )
  .option('--forget <seconds>', 'for how long orders are forgotten at the end', Number, 30)
  .addHelpText(
    'after',
    '\nA million orders take some 15 GB in the folder for temporary files, and most of an hour.',
  )
  .parse();
const options = program.opts<{ past: number; sample: number; forget: number }>();
for (const [name, number] of Object.entries(options))
  if (!Number.isInteger(number) || number < 1)
    program.error(`--${name}: expected a whole number of at least 1`);

const signal = shutdownSignal();
const MINUTE = 60_000;

const system = await OwnSystem.prepare(process.env, { RETAIN_ORDERS: 'off' });
try {
  console.log(`Starting a system in ${system.dataDir}`);
  await system.start();
  await Promise.race([run(), once(signal, 'abort')]);
} catch (error) {
  if (!signal.aborted) console.error(error);
  process.exitCode = 1;
} finally {
  await system.remove();
}

async function run(): Promise<void> {
  const known = withConnections({}, system.dataDir);
  const api = createApiClient(system.apiUrl, signal);
  const shop = await openShop(api, 'growth');
  const urlOf = (login: string) => String(known[databaseVariable(login)]);
  const measured = { api, apiUrl: system.apiUrl, shop, urlOf, count: options.sample };
  // Caches are cold, and code is not compiled yet.
  await measure({ ...measured, count: Math.min(50, options.sample), name: 'warm-up' });
  const temporalBefore = temporalBytes();
  const without = await measure({ ...measured, name: 'without' });
  const ownerUrl = String(known['DATABASE_URL']);
  await untilNoneIsOpen(ownerUrl, MINUTE);
  const temporalPerOrder = (temporalBytes() - temporalBefore) / options.sample;

  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();
  try {
    const count = await addPastOrders(db);
    const withPast = await measure({ ...measured, name: 'with' });
    console.log(`\nms at 0 and at ${count} past orders, ${options.sample} times each`);
    console.log(aligned(compare(without, withPast)));
    await printSizes(db, count);
    await printTemporal(String(known['TEMPORAL_ADDRESS']), db, temporalPerOrder);
    await forgetForAWhile(urlOf('operator'));
    await audit();
  } finally {
    await db.end();
  }
}

async function addPastOrders(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from orders.orders`);
  const originals = rows[0]?.count ?? 1;
  const times = Math.max(1, Math.round(options.past / originals));
  const bar = createBar({ format: '{bar} {value} of {total} past orders, {eta_formatted} left' });
  bar.start(times * originals, 0);
  await cloneOrders(db, times, (rounds) => bar.update(rounds * originals));
  bar.stop();
  // As if they had come one by one; PostgreSQL does it by itself, but not at once.
  await db.query('vacuum analyze');
  return times * originals;
}

function compare(before: Times, after: Times): Readonly<Record<string, string>> {
  const figures = (times: readonly number[] = []) =>
    `p50 ${percentile(times, 0.5).toFixed(1)}, p95 ${percentile(times, 0.95).toFixed(1)}`;
  return Object.fromEntries(
    Object.keys(before).map((name) => [name, `${figures(before[name])}   ->   ${figures(after[name])}`]),
  );
}

async function printSizes(db: pg.Client, orders: number): Promise<void> {
  const sizes = await tableSizes(db);
  const ofAMillion = (bytes: number) => `${(bytes / orders).toFixed(0).padStart(6)} bytes an order`;
  console.log('\nTables with their indexes');
  const shown = sizes.filter(({ bytes }) => bytes / orders >= 1);
  console.log(aligned(Object.fromEntries(shown.map(({ name, bytes }) => [name, ofAMillion(bytes)]))));
  console.log(aligned({ total: ofAMillion(sizes.reduce((sum, { bytes }) => sum + bytes, 0)) }));
}

async function printTemporal(address: string, db: pg.Client, bytesPerOrder: number): Promise<void> {
  const { rows } = await db.query<{ order_id: string }>(
    `select order_id from orders.orders where status = 'COMPLETED' order by created_at desc limit 1`,
  );
  const sizes = await historySizes(address, (rows[0]?.order_id ?? '') as SagaId);
  console.log('\nHistories of a completed order');
  console.log(
    aligned(
      Object.fromEntries(
        Object.entries(sizes).map(([service, { events, bytes }]) => [
          service,
          `${events} events, ${bytes} bytes`,
        ]),
      ),
    ),
  );
  console.log(`The dev server's file grew by ${Math.round(bytesPerOrder)} bytes an order`);
}

/** Temporal's database, with what is not yet moved into its file. */
function temporalBytes(): number {
  return ['', '-wal'].reduce(
    (sum, suffix) =>
      sum +
      (statSync(path.join(system.dataDir, `temporal.db${suffix}`), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

async function forgetForAWhile(operatorUrl: string): Promise<void> {
  const pool = createPool({ url: operatorUrl, applicationName: 'growth', onError: () => undefined });
  try {
    const forgetting = new Forgetting(pool, { retainMs: MINUTE });
    const steps: number[] = [];
    const begunAt = performance.now();
    const isTimeLeft = () => performance.now() - begunAt < options.forget * 1_000;
    for (let hasMore = true; hasMore && isTimeLeft() && !signal.aborted;) {
      const stepAt = performance.now();
      hasMore = await forgetting.step();
      steps.push(performance.now() - stepAt);
    }
    const seconds = (performance.now() - begunAt) / 1_000;
    const { orders, entries, kept } = forgetting.sum;
    console.log(
      `\nForgot ${orders} orders (${entries} rows, ${kept} kept) in ${seconds.toFixed(0)} s: ` +
        `${(orders / seconds).toFixed(0)} a second; a batch took p50 ${percentile(steps, 0.5).toFixed(0)} ms, ` +
        `p95 ${percentile(steps, 0.95).toFixed(0)} ms`,
    );
  } finally {
    await pool.end();
  }
}

/** The rules of the auditor read every order, so they are asked of a smaller past only. */
async function audit(): Promise<void> {
  if (options.past > 50_000) return;
  const running = findRunning({}, system.dataDir);
  if (!running) throw new Error(`no system runs on ${system.dataDir}`);
  const { findings } = await auditUntilClean(running, { grace: 0, wait: 60 });
  for (const finding of findings.slice(0, 20)) console.error(lineOf(finding));
  console.log(findings.length === 0 ? 'Audit: clean' : `Audit: ${findings.length} findings`);
  if (findings.length > 0) process.exitCode = 1;
}
