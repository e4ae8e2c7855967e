import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNotificationEffects } from '../../activities/notification.js';
import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { dueAt as notificationDueAt, type NotificationRow } from '../../db/notification/notification-row.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { dueAt as orderDueAt, type OrderRow } from '../../db/order/order-row.js';
import { orderStore } from '../../db/order/orders.js';
import { dueAt as paymentDueAt, type PaymentRow } from '../../db/payment/payment-row.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { OrderId } from '../../schemas/ids.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { arriveAt, waysIn, type TestedTable } from './bench.js';
import { testedNotification } from './notification-bench.js';
import { testedOrder } from './order-bench.js';
import { testedPayment } from './payment-bench.js';
import { createScene } from './scene.js';
import { storeAt } from '../support/store-at.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  await db.owner.query(`insert into payment.wallets values ('erika', 'EUR', 0)`);
});
afterAll(() => db.close());

interface DueRows<Row> {
  /** The table with the column `due_at`. */
  readonly rows: string;
  /** The states in which the service waits for something that ends by itself. */
  readonly waiting: readonly string[];
  readonly read: (pool: Pool, orderId: OrderId) => Promise<Row | undefined>;
  readonly dueAt: (row: Row) => EpochMillis | null;
}

async function storedDue(rows: string, orderId: OrderId): Promise<number | null> {
  const { rows: found } = await db.owner.query<{ due_at: Date | null }>(
    `select due_at from ${rows} where order_id = $1`,
    [orderId],
  );
  return found[0]?.due_at?.getTime() ?? null;
}

function testEveryRow<Table extends object, Facts, Row extends { readonly status: string }>(
  { service, table, bench }: TestedTable<Table, Facts>,
  { rows, waiting, read, dueAt }: DueRows<Row>,
): void {
  test.each(waysIn(table))(`${service}: %s`, async (_, placed) => {
    const scene = createScene(db);
    const real = bench(scene, placed.input);
    await arriveAt(real, placed);
    await real.apply[placed.input]();

    const row = await read(db.pools[service], scene.orderId);
    const due = await storedDue(rows, scene.orderId);
    expect(due).toBe(row ? dueAt(row) : null);
    const isOnRecord = placed.way.raises === 'NOTIFICATION_OVERDUE';
    expect(due !== null).toBe(row !== undefined && waiting.includes(row.status) && !isOnRecord);
  });
}

testEveryRow(testedOrder, {
  rows: 'orders.orders',
  waiting: ['PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED'],
  read: (pool, orderId) => orderStore(pool).transaction<OrderRow | undefined>((tx) => tx.read(orderId)),
  dueAt: orderDueAt,
});
testEveryRow(testedPayment, {
  rows: 'payment.payments',
  waiting: ['CHARGED'],
  read: (pool, orderId) => paymentStore(pool).transaction<PaymentRow | undefined>((tx) => tx.read(orderId)),
  dueAt: paymentDueAt,
});
testEveryRow(testedNotification, {
  rows: 'notification.notifications',
  waiting: ['SENDING'],
  read: (pool, orderId) =>
    notificationStore(pool).transaction<NotificationRow | undefined>((tx) => tx.read(orderId)),
  dueAt: notificationDueAt,
});

const ATTEMPT_AND_PAUSE = 30_000 + 60_000;

test('a notification is due after an attempt and a pause, counted anew from each attempt and each retry', async () => {
  const startsAt = 1_700_000_000_000;
  const scene = createScene(db, startsAt);
  const { orderId, context } = scene;
  const clock = { now: startsAt };
  let attemptNumber = 1;
  const effects = createNotificationEffects(
    {
      store: storeAt(notificationStore(db.pools.notification), () => startsAt),
      findEmail: () => Promise.resolve(undefined),
      sendMail: () => Promise.resolve(),
      attemptNumber: () => attemptNumber,
      scheduledAt: () => clock.now as EpochMillis,
      pause: () => Promise.resolve(),
    },
    { maxRetries: 1, retryIntervalMs: 60_000 },
  );
  const due = () => storedDue('notification.notifications', orderId);
  const event = await scene.publish('InventoryReservedEvent');
  const causeId = event.payload.eventId;
  const attempt = () =>
    Promise.allSettled([effects.send(context(), { causeId, round: 1, attemptsBefore: 0 })]);

  await effects.prepare(context(), event);
  expect(await due()).toBe(startsAt + ATTEMPT_AND_PAUSE);

  // The workflow's clock stands still while Temporal tries again; the attempt's own goes on.
  clock.now = startsAt + 200;
  await attempt();
  expect(await due()).toBe(startsAt + 200 + ATTEMPT_AND_PAUSE);
  clock.now = startsAt + 61_000;
  attemptNumber = 2;
  await attempt();
  expect(await due()).toBe(startsAt + 61_000 + ATTEMPT_AND_PAUSE);

  await effects.giveUp(context(), { causeId, round: 1 });
  expect(await due()).toBeNull();
  scene.pass(500_000);
  await effects.retry(context(), { type: 'RETRY', key: randomUUID(), operator: 'kim' });
  expect(await due()).toBe(startsAt + 500_000 + ATTEMPT_AND_PAUSE);
});
