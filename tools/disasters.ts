import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import { aligned } from '../platform/aligned.js';
import { withConnections } from '../platform/connections.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { lineOf } from './audit/findings.js';
import { auditUntilClean, findRunning } from './audit/system.js';
import { createApiClient, type ApiClient } from './demo/api-client.js';
import { noFaults } from '../schemas/faults.js';
import { services, type Service } from '../schemas/services.js';
import { seededRandom } from './demo/random.js';
import { openShop, planOrder, type DemoShop } from './demo/shop.js';
import { terminateInEachState } from './disasters/terminate.js';
import { isOpen, parked, retryAll, standings, untilNoneIsOpen } from './chaos/standing.js';
import { OwnSystem } from './disasters/own-system.js';

const program = new Command('disasters')
  .description(
    'Starts systems of its own, loses what each has confirmed while orders are under way, and audits what becomes of them.',
  )
  .option('--orders <n>', 'how many orders are under way', Number, 200)
  .option('--only <words>', 'only the disasters whose name has these words')
  .option('--back <seconds>', 'how far PostgreSQL is set back', Number, 30)
  .addHelpText(
    'after',
    `
The waits are shorter than the product's unless the environment sets them. The exit status is 0 when after each disaster
every order has become final, those with a failed notification by a retry, and the auditor finds nothing.`,
  )
  .parse();
const { orders, back, only = '' } = program.opts<{ orders: number; back: number; only?: string }>();
for (const [name, number] of Object.entries({ orders, back }))
  if (!Number.isInteger(number) || number < 1)
    program.error(`--${name}: expected a whole number of at least 1`);

/** Short enough that an order is over within two minutes, whatever happens to it. */
const waits = {
  PAYMENT_WAIT: '30s',
  INVENTORY_WAIT: '20s',
  SAGA_DEADLINE: '60s',
  NOTIFICATION_RETRY_INTERVAL: '1s',
};

/** An order is final or parked by its deadline and two minutes; a system needs some time to start besides. */
const LIMIT = 240_000;

const signal = shutdownSignal();

/** A running system, and those who order in it. */
interface Scene {
  readonly system: OwnSystem;
  readonly api: ApiClient;
  readonly shop: DemoShop;
  readonly databaseUrl: string;
}

/** What happens to the orders under way. */
const disasters: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'Temporal has lost its database': async ({ system }) => {
    await system.stop('SIGKILL');
    await system.deleteTemporal();
    await system.start();
  },
  'PostgreSQL is set back': async (scene) => {
    const { system } = scene;
    await system.stop('SIGKILL');
    await system.backUpPostgres();
    await system.start();
    const placing = placeMany(scene, 'later', orders);
    await sleep(back * 1_000, undefined, { signal });
    await system.stop('SIGKILL');
    await system.restorePostgres();
    await system.start();
    await placing;
  },
  'every participant is terminated at once': ({ system }) =>
    withClient(system, async ({ workflow }) => {
      for await (const { workflowId } of workflow.list({ query: `ExecutionStatus = 'Running'` }))
        await workflow
          .getHandle(workflowId)
          .terminate('a disaster')
          .catch(() => undefined);
    }),
  'every participant is terminated, each in another state': async (scene) => {
    // Slow enough that each state lasts; and without a mail server, notifications are sending, or have failed.
    const deliveries = { ...noFaults.order.deliveries, delay: 1, maxDelayMs: 4_000 };
    const mail = { mode: 'DOWN', refusals: 0 };
    for (const service of services)
      await switchFaults(scene, service, { deliveries, ...(service === 'notification' && { mail }) });
    const placing = placeMany(scene, 'later', orders);
    let arePlaced = false;
    const isOver = () => arePlaced;
    const end = () => (arePlaced = true);
    void placing.then(end, end);
    const terminated = await withClient(scene.system, (client) =>
      terminateInEachState(client, scene.databaseUrl, isOver, signal),
    );
    console.log(`terminated, by service and state:\n${aligned(terminated)}`);
    for (const service of services) await switchFaults(scene, service, {});
    await placing;
  },
};

const results: Record<string, string> = {};
for (const [name, strike] of Object.entries(disasters)) {
  if (signal.aborted) break;
  if (!name.includes(only)) continue;
  results[name] = await survive(name, strike).catch((error: unknown) => {
    process.exitCode = 1;
    return error instanceof Error ? error.message : String(error);
  });
}
console.log(aligned(results));

/** How it went, in a line; rejects where it did not go well. */
async function survive(name: string, strike: (scene: Scene) => Promise<void>): Promise<string> {
  const system = await OwnSystem.prepare(process.env, waits);
  try {
    console.log(`${name}: starting a system in ${system.dataDir}`);
    await system.start();
    const api = createApiClient(system.apiUrl, signal);
    const databaseUrl = String(withConnections({}, system.dataDir)['DATABASE_URL']);
    const scene = { system, api, databaseUrl, shop: await openShop(api, 'disasters') };
    await parkSome(scene);
    const placing = placeMany(scene, 'order', orders);
    await untilHalfAreFinal(scene, placing);
    const before = await standings(databaseUrl);
    console.log(
      `${name}: ${before.filter(isOpen).length} orders are on their way, ${parked(before).length} are parked`,
    );
    await strike(scene);
    await placing;
    const took = await untilNoneIsOpen(databaseUrl, LIMIT);
    const left = parked(await standings(databaseUrl));
    await retryAll(system.apiUrl, left);
    await untilNoneIsOpen(databaseUrl, LIMIT);
    return `${await auditedOrders(system)} orders, all final; the last by itself after ${Math.round(took / 1_000)} s, ${left.length} by a retry`;
  } finally {
    await system.remove();
  }
}

async function withClient<T>({ dataDir }: OwnSystem, use: (client: Client) => Promise<T>): Promise<T> {
  const known = withConnections({}, dataDir);
  const connection = await Connection.connect({ address: String(known['TEMPORAL_ADDRESS']) });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** A few orders whose notification fails for good, before the mail server works again. */
async function parkSome(scene: Scene): Promise<void> {
  await switchMail(scene, 'DOWN');
  await placeMany(scene, 'parked', Math.max(1, Math.round(orders / 10)));
  await untilNoneIsOpen(scene.databaseUrl, LIMIT);
  await switchMail(scene, 'NORMAL');
}

function switchMail(scene: Scene, mode: 'DOWN' | 'NORMAL'): Promise<void> {
  return switchFaults(scene, 'notification', { mail: { mode, refusals: 0 } });
}

async function switchFaults({ system }: Scene, service: Service, change: object): Promise<void> {
  const response = await fetch(`${system.apiUrl}/faults/${service}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', operator: 'disasters' },
    body: JSON.stringify({ ...noFaults[service], ...change }),
  });
  if (!response.ok) throw new Error(`PUT /faults/${service}: ${response.status} ${await response.text()}`);
}

/** Ten at a time; an order whose answer was lost is placed again under the same key. */
async function placeMany({ api, shop }: Scene, key: string, count: number): Promise<void> {
  const random = seededRandom(1);
  const queue = Array.from({ length: count }, () => planOrder(shop, random)).entries();
  const lane = async () => {
    for (const [index, order] of queue) await api.place(order, `${key}-${index}`);
  };
  await Promise.all(Array.from({ length: 10 }, lane));
}

/** Then the others are in each state that there is. Ends early where all are placed, or none can be. */
async function untilHalfAreFinal({ databaseUrl }: Scene, placing: Promise<void>): Promise<void> {
  let isPlacing = true;
  const end = () => (isPlacing = false);
  void placing.then(end, end);
  while (isPlacing || (await standings(databaseUrl)).filter(isOpen).length > orders / 2)
    await sleep(100, undefined, { signal });
}

/** Rejects with what the auditor finds. */
async function auditedOrders({ dataDir }: OwnSystem): Promise<number> {
  const running = findRunning({}, dataDir);
  if (!running) throw new Error(`no system runs on ${dataDir}`);
  const { orders: count, findings } = await auditUntilClean(running, { grace: 0, wait: 120 });
  if (findings.length > 0) throw new Error(findings.map(lineOf).join('\n'));
  return count;
}
