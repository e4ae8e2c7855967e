import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readStats, type StatsQuery } from '../../db/monitoring/read-stats.js';
import { readTotals } from '../../db/monitoring/read-totals.js';
import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { Story, type StoryOptions } from './story.js';

const DAY = 86_400_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

/** Each test has its own day, so that its window contains only its orders. */
let day = Date.UTC(2026, 0, 1);
beforeEach(() => (day += DAY));

const measure = async (query: Partial<StatsQuery> = {}) => {
  const window = { from: day as EpochMillis, to: (day + DAY) as EpochMillis, buckets: 1 };
  return (await readStats(db.pools.observer, { ...window, ...query })).measures;
};
const story = (options: Partial<StoryOptions> = {}) => new Story(db, { createdAt: day, ...options });

/** Placed, charged and reserved at these times; Order hears of it `late` ms afterwards. */
async function reserve(told: Story, { paid = 1_000, reserved = 3_000, late = 100 } = {}): Promise<void> {
  await told.place();
  await told.hears('payment', 'OrderCreatedEvent', paid);
  await told.hears('inventory', 'PaymentCompletedEvent', reserved);
  await told.hears('order', 'PaymentCompletedEvent', paid + late);
  await told.hears('order', 'InventoryReservedEvent', reserved + late);
}

async function complete(told: Story, at = 6_000): Promise<void> {
  await told.hears('notification', 'InventoryReservedEvent', at);
  await told.attempts('accepted', at);
  await told.hears('order', 'OrderCompletedNotificationSentEvent', at + 1_000);
}

const once = (ms: number) => ({ count: 1, p50: ms, p95: ms });
const never = { count: 0, p50: null, p95: null };

describe('time per step', () => {
  test('is between the moments at which things happened, not at which Order heard of them', async () => {
    const told = story();
    await reserve(told, { late: 2_500 });
    await complete(told);
    expect(await measure()).toMatchObject({
      createdToPaid: once(1_000),
      paidToReserved: once(2_000),
      reservedToTold: once(3_000),
      toldToCompleted: once(1_000),
      paidToRefunded: never,
      cancelledToRefunded: never,
    });
  });

  test('is the same where Order writes all states in one go (R10), and hears of the rest too late', async () => {
    const told = story();
    await told.place();
    await told.hears('payment', 'OrderCreatedEvent', 1_000);
    await told.hears('inventory', 'PaymentCompletedEvent', 3_000);
    await complete(told);
    await told.hears('order', 'InventoryReservedEvent', 8_000);
    await told.hears('order', 'PaymentCompletedEvent', 9_000);
    expect(await measure()).toMatchObject({
      createdToPaid: once(1_000),
      paidToReserved: once(2_000),
      reservedToTold: once(3_000),
      toldToCompleted: once(1_000),
      withoutEffect: { order: 2, payment: 0 },
    });
  });

  test('to the mail ends with the attempt that got through, wherever the clock of the workflow stands', async () => {
    const told = story();
    await reserve(told);
    await told.hears('notification', 'InventoryReservedEvent', 3_200);
    await told.attempts('refused', 3_300);
    await told.attempts('unknown', 63_300, 3_300);
    await told.attempts('accepted', 123_300, 3_300);
    await told.hears('order', 'OrderCompletedNotificationSentEvent', 123_900);
    expect(await measure()).toMatchObject({ reservedToTold: once(120_300), toldToCompleted: once(600) });
  });

  test('does not end with a mail of which nobody knows whether it went out', async () => {
    const told = story();
    await reserve(told);
    await told.hears('notification', 'InventoryReservedEvent', 3_200);
    await told.attempts('unknown', 4_000);
    await told.paymentGivesUp(181_000);
    await told.hears('notification', 'PaymentCancelledEvent', 181_100);
    await told.hears('order', 'PaymentCancelledEvent', 181_200);
    await told.hears('order', 'OrderCompletedNotificationSentEvent', 181_300);
    expect(await measure()).toMatchObject({
      reservedToTold: never,
      toldToCompleted: never,
      paidToRefunded: once(180_000),
      attentionByCode: { CUSTOMER_TOLD_THEN_REFUNDED: 1 },
    });
  });

  test('of a refund counts from the cancellation only where this caused it', async () => {
    const cancelled = story();
    await cancelled.place();
    await cancelled.hears('payment', 'OrderCreatedEvent', 290_000);
    await cancelled.orderGivesUp('payment', 300_000);
    await cancelled.hears('payment', 'OrderCancelledEvent', 300_700);
    const crossed = story();
    await crossed.place();
    await crossed.hears('payment', 'OrderCreatedEvent', 120_000);
    await crossed.orderGivesUp('payment', 300_000);
    await crossed.paymentGivesUp(300_001);
    await crossed.hears('payment', 'OrderCancelledEvent', 300_800);
    expect(await measure()).toMatchObject({
      createdToPaid: { count: 2, p50: 120_000, p95: 290_000 },
      paidToRefunded: { count: 2, p50: 10_700, p95: 180_001 },
      cancelledToRefunded: once(700),
      compensations: 2,
      withoutEffect: { payment: 1 },
    });
  });

  test('is 0 where a clock was set back in between', async () => {
    const told = story();
    await reserve(told, { paid: 1_000, reserved: 400 });
    expect(await measure()).toMatchObject({ createdToPaid: once(1_000), paidToReserved: once(0) });
  });

  test('percentiles are times that an order took', async () => {
    for (const paid of [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]) {
      const told = story();
      await told.place();
      await told.hears('payment', 'OrderCreatedEvent', paid);
    }
    expect((await measure()).createdToPaid).toEqual({ count: 10, p50: 50, p95: 100 });
  });
});

describe('what is done again counts once', () => {
  test('steps that run twice, as after a crash, leave no trace', async () => {
    const again = { again: true };
    const told = story();
    await told.place(again);
    await told.hears('payment', 'OrderCreatedEvent', 1_000, again);
    await told.hears('inventory', 'PaymentCompletedEvent', 2_000, again);
    await told.hears('order', 'PaymentCompletedEvent', 2_000, again);
    await told.paymentGivesUp(181_000, again);
    await told.hears('order', 'PaymentCancelledEvent', 181_100, again);
    await told.hears('inventory', 'PaymentCancelledEvent', 181_100, again);
    expect(await measure()).toMatchObject({
      created: 1,
      paid: 1,
      compensations: 1,
      reversals: 1,
      createdToPaid: once(1_000),
      paidToRefunded: once(180_000),
      duplicatesDropped: { order: 0, payment: 0, inventory: 0, notification: 0 },
      withoutEffect: { order: 0, payment: 0, inventory: 0, notification: 0 },
    });
  });

  test('an event that comes again in a later run is a duplicate, told twice or not, and no second payment', async () => {
    const told = story();
    await reserve(told);
    const repeat = { run: 2, again: true };
    await told.hears('payment', 'OrderCreatedEvent', 5_000, repeat);
    await told.hears('order', 'PaymentCompletedEvent', 5_000, repeat);
    await told.hears('order', 'PaymentCompletedEvent', 6_000, { run: 3 });
    expect(await measure()).toMatchObject({
      paid: 1,
      createdToPaid: once(1_000),
      duplicatesDropped: { order: 2, payment: 1, inventory: 0, notification: 0 },
    });
  });

  test('a run tells how often an event came in all, and that counts, told however often', async () => {
    const told = story();
    await reserve(told);
    for (const seen of [1, 3, 3, 2]) await told.hearsAgain('inventory', 'PaymentCompletedEvent', seen, 5_000);
    expect((await measure()).duplicatesDropped).toEqual({
      order: 0,
      payment: 0,
      inventory: 3,
      notification: 0,
    });
  });

  test('a signal refused twice in one run is one entry, in another run another', async () => {
    const told = story();
    await reserve(told);
    await told.hearsForged('order', 'PaymentCompletedEvent', 4_000, 2);
    await told.hearsForged('payment', 'InventoryReservedEvent', 4_000);
    expect((await measure()).quarantined).toEqual({ order: 1, payment: 1, inventory: 0, notification: 0 });
  });
});

describe('failures and compensations', () => {
  test('failures by reason, the completion rate over final orders, and refunds over paid ones', async () => {
    const completed = story();
    await reserve(completed);
    await complete(completed);
    const poor = story({ customer: 'bob' });
    await poor.place();
    await poor.hears('payment', 'OrderCreatedEvent', 100);
    await poor.hears('order', 'PaymentFailedEvent', 200);
    const soldOut = story({ sku: 'figurine' });
    await soldOut.place();
    await soldOut.hears('payment', 'OrderCreatedEvent', 100);
    await soldOut.hears('inventory', 'PaymentCompletedEvent', 200);
    await soldOut.hears('payment', 'InventoryReservationFailedEvent', 300);
    await soldOut.hears('order', 'PaymentCancelledEvent', 400);
    await story().place();
    expect(await measure()).toMatchObject({
      created: 4,
      final: 3,
      completionRate: 1 / 3,
      paid: 2,
      compensations: 1,
      compensationRate: 1 / 2,
      failures: { INSUFFICIENT_BALANCE: 1, OUT_OF_STOCK: 1, PAYMENT_TIMEOUT: 0 },
      orders: { PENDING_PAYMENT: 1, COMPLETED: 1, PAYMENT_FAILED: 1, OUT_OF_STOCK: 1 },
      reversals: 0,
    });
  });

  test('a late charge of an order that has failed is a compensation, and the failure keeps its reason', async () => {
    const told = story();
    await told.place();
    await told.hears('payment', 'OrderCreatedEvent', 294_000);
    await told.orderGivesUp('payment', 300_000, { again: true });
    await told.hears('payment', 'OrderCancelledEvent', 300_500);
    await told.hears('order', 'PaymentCancelledEvent', 300_600);
    await told.hears('order', 'PaymentCompletedEvent', 300_700);
    expect(await measure()).toMatchObject({
      failures: { PAYMENT_TIMEOUT: 1, ORDER_CANCELLED: 0 },
      timeouts: { PAYMENT_TIMEOUT: 1, SAGA_TIMEOUT: 0, NOTIFICATION_OVERDUE: 0 },
      compensations: 1,
      withoutEffect: { order: 1 },
    });
  });

  test('an order that was overdue and then completed has had a timeout, and no failure', async () => {
    const told = story();
    await reserve(told);
    await told.orderGivesUp('saga', 600_000);
    expect((await measure()).attentionByCode).toMatchObject({ NOTIFICATION_OVERDUE: 1 });
    await complete(told, 700_000);
    const after = await measure();
    expect(after).toMatchObject({ timeouts: { NOTIFICATION_OVERDUE: 1 }, completionRate: 1 });
    expect(after.attentionByCode).toMatchObject({ NOTIFICATION_OVERDUE: 0 });
    expect(Object.values(after.failures).every((count) => count === 0)).toBe(true);
  });

  test.each([
    ['reserved, and then refunded', ['InventoryReservedEvent', 'PaymentCancelledEvent'] as const],
    [
      'refunded, and only then heard to be reserved',
      ['PaymentCancelledEvent', 'InventoryReservedEvent'] as const,
    ],
  ])('a reversal: %s', async (_, news) => {
    const told = story();
    await told.place();
    await told.hears('payment', 'OrderCreatedEvent', 1_000);
    await told.hears('inventory', 'PaymentCompletedEvent', 2_000);
    await told.paymentGivesUp(181_000);
    for (const type of news) await told.hears('order', type, 182_000);
    expect(await measure()).toMatchObject({ reversals: 1, failures: { INVENTORY_TIMEOUT: 1 } });
  });

  test('a reversal: even told, and then refunded; it was completed for a time, and is not in the end', async () => {
    const told = story();
    await reserve(told);
    await complete(told);
    await told.paymentGivesUp(181_000);
    await told.hears('order', 'PaymentCancelledEvent', 181_500);
    expect(await measure()).toMatchObject({
      reversals: 1,
      completionRate: 0,
      toldToCompleted: once(1_000),
      orders: { COMPLETED: 0, OUT_OF_STOCK: 1 },
    });
  });
});

describe('the window', () => {
  test('has the orders created from its beginning until just before its end', async () => {
    for (const createdAt of [day - 1, day, day + DAY - 1, day + DAY]) await story({ createdAt }).place();
    expect(await measure()).toMatchObject({
      created: 2,
      final: 0,
      completionRate: null,
      compensationRate: null,
    });
  });

  test('goes by the order also for what happened long afterwards, and for what is on record beside it', async () => {
    const told = story();
    await reserve(told);
    await told.hears('order', 'PaymentCompletedEvent', 3 * DAY, { run: 2 });
    expect((await measure()).duplicatesDropped.order).toBe(1);
    const later = { from: (day + DAY) as EpochMillis, to: (day + 5 * DAY) as EpochMillis };
    expect((await measure(later)).duplicatesDropped.order).toBe(0);
  });

  test('of a signal for an order that nobody has placed goes by the time of the refusal', async () => {
    await db.owner.query(
      `insert into journal.quarantine (service, order_id, workflow_id, run_id, signal_name, reason, detail, body,
         body_digest, seen, first_seen_at)
       values ('inventory', gen_random_uuid(), '', 'run', '', 'UNKNOWN_EVENT', '', '', '', 1, $1)`,
      [new Date(day + 5)],
    );
    expect((await measure()).quarantined.inventory).toBe(1);
    const later = { from: (day + 6) as EpochMillis };
    expect((await measure(later)).quarantined.inventory).toBe(0);
  });
});

describe('what is so now, whatever the window', () => {
  test('an order in which services are stuck needs attention once, until the last one has come to rest', async () => {
    const before = await measure();
    const told = story();
    await told.place();
    const stuckNow = async () => {
      const { attention, attentionByCode } = await measure();
      return [
        (attention ?? 0) - (before.attention ?? 0),
        attentionByCode.STUCK - before.attentionByCode.STUCK,
      ];
    };
    const work = (values: string) =>
      db.owner.query(
        `insert into journal.unfinished (service, order_id, why, stuck_at, rested_at) values ${values}
         on conflict (service, order_id) do update set rested_at = excluded.rested_at`,
        [told.orderId],
      );
    await work(`('payment', $1, 'DUE', now(), null), ('order', $1, 'UNDELIVERED', now(), null)`);
    expect(await stuckNow()).toEqual([1, 1]);
    await work(`('payment', $1, 'DUE', now(), now())`);
    expect(await stuckNow()).toEqual([1, 1]);
    await work(`('order', $1, 'UNDELIVERED', now(), now())`);
    expect(await stuckNow()).toEqual([0, 0]);
  });

  test('orders needing attention are those on the list: cleared or delivered after all, they are off it', async () => {
    const before = await measure();
    const told = story();
    await reserve(told);
    await told.hears('notification', 'InventoryReservedEvent', 3_200);
    for (const at of [4_000, 64_000, 124_000, 184_000]) await told.attempts('refused', at);
    await told.parks(184_100);
    await told.hears('order', 'OrderCompletedNotificationFailedEvent', 184_200);
    await told.orderGivesUp('saga', 600_000);
    await told.hearsForged('order', 'PaymentCompletedEvent', 600_100);
    const elsewhere = { from: 0 as EpochMillis, to: 1 as EpochMillis };
    expect(await measure(elsewhere)).toMatchObject({
      attention: (before.attention ?? 0) + 1,
      attentionByCode: {
        NOTIFICATION_FAILED: before.attentionByCode.NOTIFICATION_FAILED + 1,
        NOTIFICATION_OVERDUE: before.attentionByCode.NOTIFICATION_OVERDUE + 1,
        SIGNAL_QUARANTINED: before.attentionByCode.SIGNAL_QUARANTINED + 1,
      },
    });
    await told.isRetried(650_000);
    await told.attempts('accepted', 650_500);
    await told.hears('order', 'OrderCompletedNotificationSentEvent', 651_000);
    await deliverAfterAll(told.orderId);
    expect(await measure()).toMatchObject({
      attention: before.attention,
      attentionByCode: before.attentionByCode,
      reservedToTold: once(647_500),
      quarantined: { order: 1 },
    });
  });

  async function deliverAfterAll(orderId: OrderId): Promise<void> {
    const { rows } = await db.owner.query<{ id: number }>(
      `select quarantine_id as id from journal.quarantine where order_id = $1`,
      [orderId],
    );
    const quarantineId = rows[0]?.id ?? Number.NaN;
    const redrive = { operator: 'Kim', action: 'REDRIVE', orderId, quarantineId, seen: 1 } as const;
    await recordOperatorAction(db.pools.operator, { ...redrive, outcome: 'DELIVERED', detail: '' });
  }

  test('the oldest open order has its age; where none is open there is none', async () => {
    const age = async () =>
      (await measure({ from: 0 as EpochMillis, to: 1 as EpochMillis })).oldestOpenSeconds;
    const others = await age();
    const createdAt = Date.now() - 400 * DAY;
    const told = story({ createdAt, customer: 'bob' });
    await told.place();
    const oldest = await age();
    expect(oldest).toBeGreaterThanOrEqual(400 * 86_400);
    expect(oldest).toBeLessThan(400 * 86_400 + 60);
    await told.hears('payment', 'OrderCreatedEvent', 100);
    await told.hears('order', 'PaymentFailedEvent', 200);
    expect(await age()).toBeLessThanOrEqual((others ?? 0) + 60);
  });
});

test('totals agree with a window that has every order', async () => {
  const everything = { from: 0 as EpochMillis, to: (day + 10 * DAY) as EpochMillis };
  const { createdToPaid: within, ...measured } = await measure(everything);
  const { createdToPaid: total, ...totals } = await readTotals(db.pools.observer);
  expect(total.count).toBe(within.count);
  expect(total.within.at(-1)).toBe(total.count);
  for (const name of ['created', 'paid', 'compensations', 'failures', 'timeouts', 'withoutEffect'] as const)
    expect(totals[name]).toEqual(measured[name]);
});

test('the observer reads no bodies of refused signals, no addresses and no balances, and writes nothing', async () => {
  for (const statement of [
    'select body from journal.quarantine',
    'select email from notification.contacts',
    'select balance from payment.wallets',
    `update orders.orders set status = 'COMPLETED'`,
    'delete from journal.drops',
  ])
    await expect(db.pools.observer.query(statement), statement).rejects.toThrow('permission denied');
});
