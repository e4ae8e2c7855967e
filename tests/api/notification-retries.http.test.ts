import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EffectContext } from '../../core/activity/effect.js';
import type { OrderId } from '../../schemas/ids.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { keepHistory } from '../support/kept-histories.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { storeOrder } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => {
  installQuietRuntime();
  api = await startTestApi();
});
afterAll(() => api.close());

const retry = (orderId: string, headers: Record<string, string> = { operator: 'Ann' }) =>
  api.call('POST', `/orders/${orderId}/notification-retries`, { headers });

const startNotification = (orderId: OrderId) =>
  api.temporal.client.workflow.start('notification', {
    workflowId: `notification-${orderId}`,
    taskQueue: 'notification',
    args: [orderId],
  });

describe('without a worker', () => {
  test.each([undefined, '', 'x'.repeat(101)])('the operator has to be named: %j', async (operator) => {
    const { orderId } = await storeOrder(api.db.owner);
    expect(await retry(orderId, operator === undefined ? {} : { operator })).toMatchObject({
      status: 400,
      body: { errors: [{ header: 'Operator' }] },
    });
  });

  test('an unknown order is not found, one without a notification is not parked', async () => {
    expect(await retry(randomUUID())).toMatchObject({ status: 404 });
    const { orderId } = await storeOrder(api.db.owner);
    expect(await retry(orderId)).toMatchObject({
      status: 409,
      body: { type: '/problems/notification-not-parked' },
    });
  });

  test('nobody answers within five seconds: 503', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const handle = await startNotification(orderId);
    const startedAt = Date.now();
    expect(await retry(orderId)).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(Date.now() - startedAt).toBeGreaterThan(4_000);
    await handle.terminate();
  });
});

describe('with the notification participant', () => {
  let connection: NativeConnection;
  let worker: Worker;
  let running: Promise<void>;
  let retries: { readonly orderId: string; readonly key: string; readonly operator: string }[];

  // The real participant; its row is FAILED, and SENT once an operator has asked.
  beforeEach(async () => {
    retries = [];
    const failed = {
      status: 'FAILED',
      causeId: randomUUID(),
      round: 1,
      attempts: 4,
      maxAttempts: 4,
      retryIntervalMs: 1,
    };
    const outcome = (row: object) => ({ row, unpublished: [] });
    connection = await NativeConnection.connect({ address: api.temporal.address });
    worker = await Worker.create({
      connection,
      namespace: api.temporal.namespace,
      taskQueue: 'notification',
      workflowBundle: { code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') },
      activities: {
        look: ({ sagaId: orderId }: EffectContext) =>
          outcome(retries.some((one) => one.orderId === orderId) ? { status: 'SENT' } : failed),
        retry: ({ sagaId: orderId }: EffectContext, input: { key: string; operator: string }) => {
          retries.push({ orderId, ...input });
          return outcome({ status: 'SENT' });
        },
      },
    });
    running = worker.run();
  });
  afterEach(async () => {
    worker.shutdown();
    await running;
    await connection.close();
  });

  const finished = async (handle: WorkflowHandle) => {
    await handle.result();
    await keepHistory(handle);
  };

  test('a parked one is retried: 202, and the operator is told on; then it is not parked any more', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const handle = await startNotification(orderId);
    await expect.poll(async () => (await retry(orderId)).status, { timeout: 60_000 }).toBe(202);
    await finished(handle);
    expect(retries).toMatchObject([{ operator: 'Ann' }]);
    expect((await retry(orderId)).status).toBe(409);
  });

  test('a repeat under the same key asks only once; the key is the order’s own', async () => {
    const orders = [await storeOrder(api.db.owner), await storeOrder(api.db.owner)];
    const headers = { operator: 'Ann', 'idempotency-key': 'retry-1' };
    for (const { orderId } of orders) {
      const handle = await startNotification(orderId);
      await expect.poll(async () => (await retry(orderId, headers)).status, { timeout: 60_000 }).toBe(202);
      await finished(handle);
      expect((await retry(orderId, headers)).status).toBe(202);
    }
    expect(retries.map(({ orderId }) => orderId)).toEqual(orders.map(({ orderId }) => orderId));
    expect(new Set(retries.map(({ key }) => key)).size).toBe(2);
  });
});
