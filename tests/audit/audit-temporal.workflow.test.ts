import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditTemporal, type Finding } from '../../tools/audit/findings.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';

let db: TestDatabase;
let temporal: TestNamespace;
beforeAll(async () => {
  [db, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
});
afterAll(() => Promise.all([db.close(), temporal.close()]));

const HOUR = 3_600_000;
let orderId: string;
beforeEach(() => (orderId = randomUUID()));

/** Nothing has happened to the order for an hour. */
const store = (status: string) =>
  db.owner.query(
    `insert into orders.orders (order_id, customer_id, items, total, currency, status, reason, correlation_id, wait_cause_id,
       payment_due_at, saga_due_at, created_at, updated_at)
     values ($1, 'alice', '[]', 25000, 'KRW', $2, $3, $1, $1, now(), now(), now(), now() - interval '1 hour')`,
    [orderId, status, status === 'PAYMENT_FAILED' ? 'PAYMENT_TIMEOUT' : null],
  );

/** A participant without a worker runs for as long as it is let; resolves when Temporal's list shows it. */
async function run(service: string): Promise<void> {
  const workflowId = `${service}-${orderId}`;
  await temporal.client.workflow.start(service, { workflowId, taskQueue: 'nobody' });
  await expect
    .poll(
      () => temporal.client.workflow.count(`WorkflowId = '${workflowId}' and ExecutionStatus = 'Running'`),
      {
        timeout: 30_000,
      },
    )
    .toMatchObject({ count: 1 });
}

/** What is found of this test's order, where services have had until `due`. */
async function findings(due: number): Promise<readonly Finding[]> {
  const all = await auditTemporal(temporal.client, db.owner, new Date(due));
  return all.filter(({ subject }) => subject === orderId);
}
const later = () => Date.now() + HOUR;
const minuteAgo = () => Date.now() - 60_000;

test.each(['COMPLETED', 'PAYMENT_FAILED'])('%s, and two participants still run: found', async (status) => {
  await store(status);
  await run('payment');
  await run('notification');
  const broken = 'a final order has participants that still run';
  expect(await findings(later())).toEqual([{ broken, subject: orderId, detail: 'notification, payment' }]);
});

test('a participant that has just been started, as by a late event, is given time', async () => {
  await store('COMPLETED');
  await run('payment');
  expect(await findings(minuteAgo())).toEqual([]);
});

test.each(['PENDING_PAYMENT', 'INVENTORY_RESERVED'])(
  '%s, and nobody is working on it: found',
  async (status) => {
    await store(status);
    await run('notification');
    const broken = 'nobody is working on an order that is not final';
    expect(await findings(later())).toEqual([{ broken, subject: orderId, detail: null }]);
  },
);

test('an overdue order waits for its notification alone: in order while that is worked on', async () => {
  await store('INVENTORY_RESERVED');
  await db.owner.query(`insert into orders.attention values ($1, 'NOTIFICATION_OVERDUE', now())`, [orderId]);
  const broken = 'nobody is working on an order that is not final';
  expect(await findings(later())).toEqual([{ broken, subject: orderId, detail: null }]);
  await run('notification');
  expect(await findings(later())).toEqual([]);
});

test('an order that is worked on is in order, also by a participant that has just started anew', async () => {
  await store('INVENTORY_RESERVED');
  await run('order');
  expect(await findings(later())).toEqual([]);
  expect(await findings(minuteAgo())).toEqual([]);
});

test('a final order at rest is in order, and so is one that has just been placed', async () => {
  await store('COMPLETED');
  expect(await findings(later())).toEqual([]);
  await db.owner.query(
    `update orders.orders set status = 'PENDING_PAYMENT', updated_at = now() where order_id = $1`,
    [orderId],
  );
  expect(await findings(minuteAgo())).toEqual([]);
});
