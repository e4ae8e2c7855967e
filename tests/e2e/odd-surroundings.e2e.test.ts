import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { workflowIdOf } from '../../core/choreography.js';
import type { OrderId } from '../../schemas/ids.js';
import { compiled } from '../support/programs.js';
import { RunningSystem, until } from './running-system.js';

/** Nobody listens there. */
const proxy = 'http://127.0.0.1:9';

/** As short as the freeze of a worker below, in ms. */
const RESERVATION_WAIT = 4_000;

let system: RunningSystem;
let worker: ChildProcess | undefined;
let workerEnded: Promise<unknown> | undefined;
beforeAll(async () => {
  system = await RunningSystem.prepare({
    API_HOST: '::1',
    INVENTORY_WAIT: `${RESERVATION_WAIT}ms`,
    grpc_proxy: proxy,
    https_proxy: proxy,
    http_proxy: proxy,
  });
});
afterAll(async () => {
  worker?.kill('SIGTERM');
  await workerEnded;
  await system.remove();
});

/** What Node runs first: its clock is an hour ahead from then on. */
const hourAhead = `data:text/javascript,${encodeURIComponent(`
  const { now } = Date;
  globalThis.Date = class extends Date {
    constructor(...given) { super(...(given.length === 0 ? [now() + 3600000] : given)); }
    static now() { return now() + 3600000; }
  };`)}`;

interface Order {
  readonly orderId: OrderId;
  readonly status: string;
  readonly toldAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Published {
  readonly events: readonly {
    readonly type: string;
    readonly occurredAt: string;
    readonly payload: { readonly answerBy?: number };
  }[];
}

test('on IPv6, among proxies that lead nowhere, the system starts and says where it is', async () => {
  await system.start('--without', 'notification');
  expect(system.output).toContain(`Dashboard and API  ${system.apiUrl}\n`);
  expect(system.apiUrl).toMatch(/^http:\/\/\[::1\]:\d+$/);
});

test('a worker whose clock is an hour ahead says so, and tells the customer on time', async () => {
  let output = '';
  const { PATH, HOME } = process.env;
  worker = spawn(process.execPath, ['--import', hourAhead, compiled('bin/worker'), 'notification'], {
    env: { PATH, HOME, DATA_DIR: system.dataDir },
  });
  workerEnded = once(worker, 'exit');
  for (const stream of [worker.stdout, worker.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const items = [{ sku: 'mouse', quantity: 2 }];
  const prefer = { prefer: 'wait=30' };
  const { body: order } = await system.call<Order>('POST', '/orders', { customerId: 'alice', items }, prefer);
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
  const frozen = system.pidOfWorker('payment');
  process.kill(frozen, 'SIGSTOP');
  onTestFinished(() => void process.kill(frozen, 'SIGCONT'));
  const items = [{ sku: 'mouse', quantity: 2 }];
  const { body: placed } = await system.call<Order>('POST', '/orders', { customerId: 'alice', items });
  const { workflow } = new Client({ connection });
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
