import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { createLogger } from '../../platform/logger.js';
import { serve, startTestApi, type Answer, type TestApi } from '../support/api.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { keepHistoriesOf } from '../support/kept-histories.js';
import { productActivities } from '../support/product-activities.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { standard } from '../support/saga-world.js';
import { seedReferenceData } from '../support/shop.js';

let api: TestApi;
/** In front of Temporal, and of PostgreSQL for Order's resources. */
let proxy: CuttingProxy;
let databaseProxy: CuttingProxy;
let connection: Connection;
let orderPool: Pool;
let served: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  installQuietRuntime();
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
  proxy = new CuttingProxy(`http://${api.temporal.address}`, Infinity);
  connection = await Connection.connect({ address: new URL(await proxy.listen()).host });
  databaseProxy = new CuttingProxy(api.db.urls.order, Infinity);
  orderPool = createPool({
    url: Object.assign(new URL(api.db.urls.order), { host: new URL(await databaseProxy.listen()).host }).href,
    applicationName: 'a test of lost answers',
    onError: () => undefined,
  });
  served = await serve({
    pools: { ...api.db.pools, order: orderPool },
    client: new Client({ connection, namespace: api.temporal.namespace }),
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
  });
});
afterEach(() => hearAgain());
afterAll(async () => {
  await served.close();
  await connection.close();
  await orderPool.end();
  await Promise.all([proxy.close(), databaseProxy.close()]);
  await api.close();
});

const place = (headers: Record<string, string>): Promise<Answer> =>
  served.call('POST', '/orders', {
    body: { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] },
    headers,
  });

/** Every run that Temporal has accepted since, seen past the proxy. */
async function runsSince(startTime: Date) {
  const runs = [];
  const query = `StartTime >= '${startTime.toISOString()}'`;
  for await (const { workflowId, runId } of api.temporal.client.workflow.list({ query }))
    runs.push({ workflowId, runId });
  return runs;
}

/** Places an order whose start Temporal accepts, while its reply is lost. */
async function placeUnheard(headers: Record<string, string>) {
  const startTime = new Date();
  proxy.losesAnswers = true;
  const answer = place(headers);
  await expect.poll(() => runsSince(startTime), { timeout: 60_000 }).toHaveLength(1);
  return { answer, startTime, runs: await runsSince(startTime) };
}

/** Over new connections, which are open when this resolves. */
async function hearAgain(): Promise<void> {
  for (const one of [proxy, databaseProxy]) {
    one.losesAnswers = false;
    one.cut();
  }
  const ready = async () => (await served.call('GET', '/readyz')).status;
  await expect.poll(ready, { timeout: 60_000 }).toBe(200);
}

/** Lets Order's own worker run until there is a row. */
async function untilStored(orderId: string): Promise<void> {
  const { address, namespace, client } = api.temporal;
  const worked = await NativeConnection.connect({ address });
  const deliver = () => Promise.resolve();
  const activities = productActivities({
    pools: api.db.pools,
    deliver,
    sendMail: deliver,
    settings: standard,
  });
  const worker = await Worker.create({
    connection: worked,
    namespace,
    taskQueue: 'order',
    workflowBundle: { code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') },
    activities: activities.order,
  });
  await worker.runUntil(async () => {
    const isStored = async () => (await rowsOf('orders.orders', orderId)) > 0;
    await expect.poll(isStored, { timeout: 60_000 }).toBe(true);
  });
  await keepHistoriesOf(client);
  await worked.close();
}

async function rowsOf(table: 'orders.orders' | 'journal.events', orderId: string): Promise<number> {
  const { rowCount } = await api.db.owner.query(`select from ${table} where order_id = $1`, [orderId]);
  return rowCount ?? 0;
}

test('a start whose answer is lost: 503, and the retry under the same key is the same order, once', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  const { answer, startTime, runs } = await placeUnheard(headers);
  const unheard = await answer;
  expect(unheard).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  expect(Number(unheard.headers.get('retry-after'))).toBeGreaterThan(0);

  await hearAgain();
  const retry = await place(headers);
  const { orderId } = retry.body as { orderId: string };
  expect([retry.status, retry.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
  expect(runs).toMatchObject([{ workflowId: `order-${orderId}` }]);

  await untilStored(orderId);
  expect(await place(headers)).toMatchObject({ status: 201, body: { orderId } });
  expect(await runsSince(startTime)).toEqual(runs);
  expect([await rowsOf('orders.orders', orderId), await rowsOf('journal.events', orderId)]).toEqual([1, 1]);
});

test('a connection that breaks before the answer is no matter: also without a key it is one order', async () => {
  const { answer, startTime, runs } = await placeUnheard({});
  await hearAgain();
  const { status, body } = await answer;
  expect(status).toBe(201);
  expect(runs).toMatchObject([{ workflowId: `order-${(body as { orderId: string }).orderId}` }]);
  expect(await runsSince(startTime)).toEqual(runs);
});

test('a database that is lost after the start is no matter: the order is placed, and shown as pending', async () => {
  const startTime = new Date();
  const answer = place({ prefer: 'wait=10' });
  await expect.poll(() => runsSince(startTime), { timeout: 60_000 }).toHaveLength(1);
  databaseProxy.losesAnswers = true;
  const { status, body } = await answer;
  expect([status, body]).toMatchObject([201, { status: 'PENDING_PAYMENT', history: [] }]);
});

test('a database that takes a question and gives no answer is away: 503, and the retry is the first', async () => {
  const headers = { 'idempotency-key': randomUUID() };
  databaseProxy.losesAnswers = true;
  expect(await place(headers)).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  await hearAgain();
  const retry = await place(headers);
  expect([retry.status, retry.headers.get('idempotent-replayed')]).toEqual([201, null]);
});
