import { expect, test } from 'vitest';
import { decidePayment, voidCharge } from '../../activities/payment-rules.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import { eventIdOf } from '../../core/event-id.js';
import type { PaymentRow } from '../../db/payment/payment-row.js';
import { causedBy, changeOf, doing, HAPPENED, received } from './received.js';

const NOTHING: PaymentRow = { status: 'NOTHING' };
const now = (HAPPENED + 1_000) as EpochMillis;
const times = { now, reservationWait: 180_000 };
const answerBy = (now + 180_000) as EpochMillis;

// Two pieces of one product and one of another: neither a price nor a quantity is the total.
const order = received('OrderCreatedEvent');
const { orderId, customerId, items, total, eventId, correlationId } = order.payload;
const waitCauseId = eventIdOf(orderId, 'PaymentCompletedEvent', eventId);
const charge = { customerId, total, correlationId, waitCauseId, answerBy };
const charged: PaymentRow = { status: 'CHARGED', charge };

test('an order is charged its total, and the wait that begins is the one of Payment', () => {
  expect(doing(decidePayment(NOTHING, order, times), 'DONE')).toEqual({
    command: { kind: 'debit', customerId, total: { amount: 75_000, currency: 'KRW' } },
    then: {
      kind: 'change',
      row: charged,
      emit: {
        type: 'PaymentCompletedEvent',
        data: { customerId, items, total, answerBy },
        cause: causedBy(order),
      },
    },
  });
  expect(answerBy).not.toBe(order.payload.answerBy);
});

test.each(['INSUFFICIENT_BALANCE', 'NO_WALLET'] as const)('%s declines', (reason) => {
  expect(doing(decidePayment(NOTHING, order, times), reason).then).toEqual({
    kind: 'change',
    row: { status: 'DECLINED', reason },
    emit: { type: 'PaymentFailedEvent', data: { reason }, cause: causedBy(order) },
  });
});

test('up to 5 s before the order gives up it is charged, and no later (R6)', () => {
  const last = (order.payload.answerBy - 5_000) as EpochMillis;
  expect(decidePayment(NOTHING, order, { ...times, now: last }).kind).toBe('do');
  expect(changeOf(decidePayment(NOTHING, order, { ...times, now: (last + 1) as EpochMillis }))).toMatchObject(
    {
      row: { status: 'DECLINED', reason: 'PAYMENT_TIMEOUT' },
      emit: { type: 'PaymentFailedEvent', data: { reason: 'PAYMENT_TIMEOUT' }, cause: causedBy(order) },
    },
  );
});

test('of a wait shorter than 50 s the last tenth is too late (R6)', () => {
  const short = received('OrderCreatedEvent', { answerBy: HAPPENED + 10_000 });
  const at = (ms: number) => decidePayment(NOTHING, short, { ...times, now: (HAPPENED + ms) as EpochMillis });
  expect([at(9_000).kind, at(9_001).kind]).toEqual(['do', 'change']);
});

test('a reservation confirms the charge as it is', () => {
  const reserved = received('InventoryReservedEvent');
  expect(decidePayment(charged, reserved, times)).toEqual({
    kind: 'change',
    row: { status: 'CONFIRMED', charge },
  });
});

test.each(['OUT_OF_STOCK', 'UNKNOWN_SKU', 'INVENTORY_ERROR', 'INVENTORY_TIMEOUT'])(
  'a reservation that failed gives the total back, and says %s',
  (reason) => {
    const failed = received('InventoryReservationFailedEvent', { reason });
    expect(doing(decidePayment(charged, failed, times), 'DONE')).toEqual({
      command: { kind: 'credit', customerId, total },
      then: {
        kind: 'change',
        row: { status: 'REFUNDED', charge, reason },
        emit: {
          type: 'PaymentCancelledEvent',
          data: { reason, refunded: total },
          cause: causedBy(failed),
        },
      },
    });
  },
);

test.each(['CHARGED', 'CONFIRMED'] as const)(
  'an order that is cancelled gets its total back when %s',
  (status) => {
    const cancelled = received('OrderCancelledEvent');
    expect(doing(decidePayment({ status, charge }, cancelled, times), 'DONE')).toEqual({
      command: { kind: 'credit', customerId, total },
      then: {
        kind: 'change',
        row: { status: 'REFUNDED', charge, reason: 'ORDER_CANCELLED' },
        emit: {
          type: 'PaymentCancelledEvent',
          data: { reason: 'ORDER_CANCELLED', refunded: total },
          cause: causedBy(cancelled),
        },
      },
    });
  },
);

test('the clock refunds from its deadline on, caused by what began the wait', () => {
  const timeout = { type: 'TIMEOUT', wait: 'reservation', causeId: 'any' as EventId } as const;
  const at = (ms: number) =>
    decidePayment(charged, timeout, { ...times, now: (answerBy + ms) as EpochMillis });
  expect(at(-1)).toEqual({ kind: 'none' });
  expect(doing(at(0), 'DONE').then).toMatchObject({
    row: { status: 'REFUNDED', charge, reason: 'INVENTORY_TIMEOUT' },
    emit: { data: { refunded: total }, cause: { eventId: waitCauseId, correlationId } },
  });
  const confirmed: PaymentRow = { status: 'CONFIRMED', charge };
  expect(decidePayment(confirmed, timeout, { ...times, now: answerBy })).toEqual({ kind: 'none' });
});

test('a cancellation of what was never charged, and a charge of unknown fate, leave a tombstone', () => {
  const cancelled = received('OrderCancelledEvent');
  const tombstone = (reason: string, event: typeof cancelled | typeof order) => ({
    kind: 'change',
    row: { status: 'VOID', reason },
    emit: { type: 'PaymentFailedEvent', data: { reason }, cause: causedBy(event) },
  });
  expect(decidePayment(NOTHING, cancelled, times)).toEqual(tombstone('ORDER_CANCELLED', cancelled));
  expect(voidCharge(NOTHING, order)).toEqual(tombstone('PAYMENT_ERROR', order));
  expect(voidCharge(charged, order)).toEqual({ kind: 'none' });
});

test.each<PaymentRow>([
  { status: 'DECLINED', reason: 'NO_WALLET' },
  { status: 'VOID', reason: 'ORDER_CANCELLED' },
  { status: 'REFUNDED', charge, reason: 'OUT_OF_STOCK' },
])('$status is the end', (row) => {
  const timeout = { type: 'TIMEOUT', wait: 'reservation', causeId: waitCauseId } as const;
  const events = [
    order,
    received('OrderCancelledEvent'),
    received('InventoryReservedEvent'),
    received('InventoryReservationFailedEvent'),
    timeout,
  ] as const;
  for (const event of events)
    expect(decidePayment(row, event, { ...times, now: answerBy })).toEqual({ kind: 'none' });
});

test.each(['CHARGED', 'CONFIRMED'] as const)('a %s order is not charged again', (status) => {
  expect(decidePayment({ status, charge }, order, times)).toEqual({ kind: 'none' });
});

test('a confirmed charge stands, whatever Inventory says next', () => {
  const confirmed: PaymentRow = { status: 'CONFIRMED', charge };
  for (const event of [received('InventoryReservedEvent'), received('InventoryReservationFailedEvent')])
    expect(decidePayment(confirmed, event, times)).toEqual({ kind: 'none' });
});
