import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../core/activity/store.js';
import type { CorrelationId, EpochMillis, EventId } from '../../core/event.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import type { ReservationRow } from '../../db/inventory/reservation-row.js';
import type { NotificationInHand, NotificationRow } from '../../db/notification/notification-row.js';
import { notificationStore } from '../../db/notification/notifications.js';
import type { OrderRow, PlacedOrder } from '../../db/order/order-row.js';
import { orderStore } from '../../db/order/orders.js';
import type { PaymentRow } from '../../db/payment/payment-row.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { Currency, MinorUnits, OrderId } from '../../schemas/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { placementOf, severalPieces } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const at = (ms: number) => (1_700_000_000_000 + ms) as EpochMillis;
const anEvent = () => randomUUID() as EventId;
const placement = { ...placementOf('alice', 'mouse'), ...severalPieces, requestDigest: 'a digest' };
const { customerId, items, total, correlationId } = placement;
const euros = { amount: 1_999 as MinorUnits, currency: 'EUR' as Currency };

const placed: PlacedOrder = {
  status: 'PENDING_PAYMENT',
  placement,
  ...{ reason: null, toldAt: null, refundedAt: null, waitCauseId: anEvent() },
  ...{ paymentDue: at(300_000), sagaDue: at(600_000) },
  history: [{ status: 'PENDING_PAYMENT', at: at(0), eventId: null }],
  attention: [],
};
const [reservation, failure, refund] = [anEvent(), anEvent(), anEvent()];
const reserved: PlacedOrder = {
  ...placed,
  status: 'INVENTORY_RESERVED',
  history: [
    ...placed.history,
    // Both at once: the reservation has overtaken the payment (R10).
    { status: 'PAYMENT_COMPLETED', at: at(70), eventId: reservation },
    { status: 'INVENTORY_RESERVED', at: at(70), eventId: reservation },
  ],
};
const uncertain: PlacedOrder = {
  ...reserved,
  toldAt: at(90),
  attention: [{ code: 'NOTIFICATION_FAILED', since: at(95), clearedAt: null }],
};
const refunded: PlacedOrder = {
  ...uncertain,
  ...{ status: 'OUT_OF_STOCK', reason: 'ORDER_CANCELLED', refundedAt: at(99) },
  history: [...reserved.history, { status: 'OUT_OF_STOCK', at: at(100), eventId: refund }],
  attention: [
    { code: 'NOTIFICATION_FAILED', since: at(95), clearedAt: at(100) },
    { code: 'CUSTOMER_TOLD_THEN_REFUNDED', since: at(100), clearedAt: null },
  ],
};
const unpaid: PlacedOrder = {
  ...placed,
  ...{
    status: 'PAYMENT_FAILED',
    reason: 'NO_WALLET',
    placement: { ...placement, total: euros, requestDigest: null },
  },
  history: [...placed.history, { status: 'PAYMENT_FAILED', at: at(5), eventId: failure }],
};

const charge = { customerId, total, correlationId, waitCauseId: anEvent(), answerBy: at(180_000) };

const sending: NotificationInHand = {
  status: 'SENDING',
  notice: { customerId, items, total, causeId: reservation, correlationId: randomUUID() as CorrelationId },
  ...{ round: 1, attempts: [], announced: false, sentAt: null, nextAttemptBy: at(90_000) },
};
const begun: NotificationInHand = { ...sending, attempts: [{ round: 1, number: 1, fate: null }] };
const failed: NotificationInHand = {
  ...begun,
  ...{ status: 'FAILED', nextAttemptBy: null },
  attempts: [
    { round: 1, number: 1, fate: 'UNKNOWN' },
    { round: 1, number: 2, fate: 'REFUSED' },
  ],
};
const sentAgain: NotificationInHand = {
  ...failed,
  ...{ status: 'SENT', round: 2, announced: true, sentAt: at(400_000) },
  attempts: [...failed.attempts, { round: 2, number: 1, fate: 'ACCEPTED' }],
};

/** Saves the rows one after the other, as effects do, and reads each of them, with the lock and without. */
async function saveAll<Row, Command, Result>(
  store: Store<Row, Command, Result>,
  orderId: OrderId,
  rows: readonly Row[],
): Promise<void> {
  for (const row of rows) {
    await store.transaction(async (tx) => {
      await tx.lock(orderId);
      await tx.save(orderId, row, at(1_000_000));
    });
    expect(await store.transaction((tx) => tx.read(orderId))).toEqual(row);
    expect(await store.transaction((tx) => tx.lock(orderId))).toEqual(row);
  }
}

const newId = () => randomUUID() as OrderId;
const statusesOf = (rows: readonly { readonly status: string }[]) =>
  rows.map(({ status }) => status).join(', ');
const titled = <Row extends { readonly status: string }>(...lives: readonly (readonly Row[])[]) =>
  lives.map((rows) => [statusesOf(rows), rows] as const);

describe('what is saved is read again', () => {
  test.each(titled<OrderRow>([placed, reserved, uncertain, refunded], [unpaid]))('order: %s', (_, rows) =>
    saveAll(orderStore(db.pools.order), newId(), rows),
  );

  test.each(
    titled<PaymentRow>(
      [
        { status: 'CHARGED', charge },
        { status: 'CONFIRMED', charge },
        { status: 'REFUNDED', charge, reason: 'ORDER_CANCELLED' },
      ],
      [{ status: 'DECLINED', reason: 'INSUFFICIENT_BALANCE' }],
      [{ status: 'VOID', reason: 'PAYMENT_ERROR' }],
      [{ status: 'CHARGED', charge: { ...charge, total: euros } }],
    ),
  )('payment: %s', (_, rows) => saveAll(paymentStore(db.pools.payment), newId(), rows));

  test.each(
    titled<ReservationRow>(
      [{ status: 'RESERVED', items }, { status: 'RELEASED' }],
      [{ status: 'REJECTED', reason: 'UNKNOWN_SKU' }],
    ),
  )('inventory: %s', (_, rows) => saveAll(inventoryStore(db.pools.inventory), newId(), rows));

  test.each(
    titled<NotificationRow>(
      [
        sending,
        begun,
        failed,
        { ...failed, status: 'SENDING', round: 2, nextAttemptBy: at(390_000) },
        sentAgain,
      ],
      [
        { ...begun, notice: { ...sending.notice, total: euros } },
        {
          ...begun,
          ...{ status: 'REVOKED', announced: true, nextAttemptBy: null },
          notice: { ...sending.notice, total: euros },
        },
      ],
      [{ status: 'REVOKED', notice: null }],
    ),
  )('notification: %s', (_, rows) => saveAll(notificationStore(db.pools.notification), newId(), rows));
});

test('what was reserved stays on record when it is released', async () => {
  const orderId = newId();
  await saveAll<ReservationRow, never, unknown>(inventoryStore(db.pools.inventory), orderId, [
    { status: 'RESERVED', items },
    { status: 'RELEASED' },
  ]);
  const { rows } = await db.owner.query(`select items from inventory.reservations where order_id = $1`, [
    orderId,
  ]);
  expect(rows).toEqual([{ items }]);
});

test('when an attempt has ended stays as it is while others follow', async () => {
  const orderId = newId();
  const store = notificationStore(db.pools.notification);
  const endOfTheFirst = async () => {
    const { rows } = await db.owner.query<{ ended: string }>(
      `select ended_at::text as ended from notification.attempts where order_id = $1 and number = 1`,
      [orderId],
    );
    return rows[0]?.ended;
  };
  const [first] = failed.attempts;
  await saveAll(store, orderId, [begun, { ...begun, attempts: first ? [first] : [] }]);
  const ended = await endOfTheFirst();
  expect(ended).toMatch(/^2/);
  await saveAll(store, orderId, [failed]);
  expect(await endOfTheFirst()).toBe(ended);
});
