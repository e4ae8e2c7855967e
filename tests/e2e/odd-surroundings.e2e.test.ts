import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { workflowIdOf } from '../../core/choreography.js';
import type { OrderId } from '../../schemas/ids.js';
import { compiled } from '../support/programs.js';
import { RunningSystem, until } from './running-system.js';
import { bareEnvironment, programNode } from '../support/program-node.js';

/** Nobody listens there. */
const proxy = 'http://127.0.0.1:9';

const namespace = 'odd';
/** As short as the freeze of a worker below, in ms. */
const RESERVATION_WAIT = 10_000;

let system: RunningSystem;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  system = await RunningSystem.prepare({
    API_HOST: '::1',
    TEMPORAL_NAMESPACE: namespace,
    PAYMENT_WAIT: '20s',
    INVENTORY_WAIT: `${RESERVATION_WAIT}ms`,
    grpc_proxy: proxy,
    https_proxy: proxy,
    http_proxy: proxy,
  });
});
afterAll(async () => {
  const ended = workers.map((worker) => once(worker, 'exit'));
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(ended);
  await system.remove();
});

/** What Node runs first: its clock is an hour ahead from then on. */
const hourAhead = `data:text/javascript,${encodeURIComponent(`
  const { now } = Date;
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length === 0 ? [now() + 3600000] : given)); }
    static now() { return now() + 3600000; }
  };`)}`;

/** Beside the system, which it finds by its DATA_DIR; how long to wait is for each worker to know. */
function startWorker(args: readonly string[]) {
  const env = {
    ...bareEnvironment(),
    DATA_DIR: system.dataDir,
    INVENTORY_WAIT: `${RESERVATION_WAIT}ms`,
  };
  return spawn(programNode(), [...args], { env });
}

interface Order {
  readonly orderId: OrderId;
  readonly status: string;
  readonly reason: string | null;
  readonly toldAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly links: { readonly temporal: string };
}

interface Published {
  readonly events: readonly {
    readonly type: string;
    readonly occurredAt: string;
    readonly payload: { readonly answerBy?: number };
  }[];
}

const place = async (quantity: number, headers: Record<string, string>): Promise<Order> => {
  const items = [{ sku: 'mouse', quantity }];
  return (await system.call<Order>('POST', '/orders', { customerId: 'alice', items }, headers)).body;
};

test('on IPv6, among proxies that lead nowhere, in a namespace of its own, the system starts and says where it is', async () => {
  await system.start('--without', 'notification', '--without', 'payment');
  expect(system.output).toContain(`Dashboard and API  ${system.apiUrl}\n`);
  expect(system.apiUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect(system.output).toContain('\nWithout the payment worker; npm run worker -- payment adds it\n');
  expect(system.output).toContain(`  Mails              ${system.apiUrl}/#/mails\n`);
  const shared = parseEnv(await readFile(path.join(system.dataDir, 'connections.env'), 'utf8'));
  expect(shared).toMatchObject({ TEMPORAL_NAMESPACE: namespace, API_URL: system.apiUrl });
});

test('no payment worker: the order fails in time, and nothing stays charged when the worker is there', async () => {
  const { orderId, links } = await place(1, {});
  expect(links.temporal).toContain('/namespaces/odd/workflows');
  const order = async () => (await system.call<Order>('GET', `/orders/${orderId}`)).body;
  await until(async () => (await order()).status !== 'PENDING_PAYMENT', 60_000);
  expect(await order()).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' });
  workers.push(startWorker([compiled('bin/worker'), 'payment']));
  const eventTypes = async () =>
    (await system.call<{ events: { type: string }[] }>('GET', `/orders/${orderId}/events`)).body.events.map(
      ({ type }) => type,
    );
  await until(async () => (await eventTypes()).includes('PaymentFailedEvent'), 30_000);
  expect(await eventTypes()).toEqual(['OrderCreatedEvent', 'OrderCancelledEvent', 'PaymentFailedEvent']);
  const wallet = await system.call<{ balance: { amount: number } }>('GET', '/wallets/alice');
  expect(wallet.body.balance.amount).toBe(1_000_000);
});

test('a worker whose clock is an hour ahead says so, and tells the customer on time', async () => {
  let output = '';
  const worker = startWorker(['--import', hourAhead, compiled('bin/worker'), 'notification']);
  workers.push(worker);
  for (const stream of [worker.stdout, worker.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const order = await place(2, { prefer: 'wait=30' });
  expect(order.status).toBe('COMPLETED');
  const [created, told, updated] = [order.createdAt, order.toldAt, order.updatedAt].map(Date.parse);
  expect(told).toBeGreaterThanOrEqual(Number(created));
  expect(told).toBeLessThanOrEqual(Number(updated));
  await until(() => output.includes('clocks differ'), 30_000);
  expect(output).toMatch(
    /clocks differ: Temporal is 3\d{3}\.\d s behind this worker; the database is 3\d{3}/,
  );
});

// A frozen worker still has its long polls open, so Temporal hands it the task: its workflow's clock is of that moment.
test('a payment worker is frozen with the task in hand, as long as the reservation may take: it is reserved in time', async () => {
  const connection = await Connection.connect({ address: system.temporalAddress });
  onTestFinished(() => connection.close());
  const frozen = workers[0]?.pid ?? Number.NaN;
  process.kill(frozen, 'SIGSTOP');
  onTestFinished(() => void process.kill(frozen, 'SIGCONT'));
  const placed = await place(2, {});
  const { workflow } = new Client({ connection, namespace });
  const payment = workflow.getHandle(workflowIdOf('payment', placed.orderId));
  const taskBegunAt = async () => {
    const { events } = await payment.fetchHistory().catch(() => ({ events: [] }));
    const begun = events?.find(({ workflowTaskStartedEventAttributes: task }) => task);
    return begun && tsToMs(begun.eventTime);
  };
  await expect.poll(taskBegunAt).toBeGreaterThan(0);
  await sleep(RESERVATION_WAIT);
  process.kill(frozen, 'SIGCONT');

  const prefer = { prefer: 'wait=30' };
  await expect
    .poll(async () => (await system.call<Order>('GET', `/orders/${placed.orderId}`, undefined, prefer)).body)
    .toMatchObject({ status: 'COMPLETED', reason: null });
  const { body } = await system.call<Published>('GET', `/orders/${placed.orderId}/events`);
  const charged = body.events.find(({ type }) => type === 'PaymentCompletedEvent');
  const begunAt = Number(await taskBegunAt());
  expect(Date.parse(charged?.occurredAt ?? '')).toBeGreaterThanOrEqual(begunAt + RESERVATION_WAIT);
  expect(Number(charged?.payload.answerBy)).toBe(Date.parse(charged?.occurredAt ?? '') + RESERVATION_WAIT);
});
