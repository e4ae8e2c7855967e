import { describe, expect, test } from 'vitest';
import { decideOrder } from '../../activities/order-rules.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderRow, PlacedOrder } from '../../db/order/order-row.js';
import { isFinal } from '../../schemas/order-status.js';
import type { EventFor } from '../../schemas/event.js';
import { changeOf, HAPPENED, received } from './received.js';

const placedAt = (HAPPENED - 1_000) as EpochMillis;
const now = (HAPPENED + 1_000) as EpochMillis;
const { customerId, items, total, correlationId } = received('OrderCreatedEvent').payload;
const placement = { customerId, items, total, correlationId, requestDigest: null };
const waitCauseId = 'the OrderCreatedEvent' as EventId;

const placed: PlacedOrder = {
  status: 'PENDING_PAYMENT',
  placement,
  reason: null,
  toldAt: null,
  refundedAt: null,
  waitCauseId,
  paymentDue: (placedAt + 300_000) as EpochMillis,
  sagaDue: (placedAt + 600_000) as EpochMillis,
  history: [{ status: 'PENDING_PAYMENT', at: placedAt, eventId: null }],
  attention: [],
};

type Input = EventFor<'order'> | ReturnType<typeof over>;

const over = (wait: 'payment' | 'saga') => ({ type: 'TIMEOUT', wait, causeId: waitCauseId }) as const;

const decide = (row: OrderRow, input: Input, at = now) => decideOrder(row, input, at);

/** The row after these, each of which changes something, one second apart. */
const after = (...inputs: readonly Input[]): PlacedOrder =>
  inputs.reduce<PlacedOrder>(
    (row, input, index) =>
      changeOf(decide(row, input, (now + index * 1_000) as EpochMillis)).row as PlacedOrder,
    placed,
  );

const paid = received('PaymentCompletedEvent');
const unpaid = received('PaymentFailedEvent', { reason: 'NO_WALLET' });
const reserved = received('InventoryReservedEvent');
const refunded = received('PaymentCancelledEvent', { reason: 'OUT_OF_STOCK', occurredAt: HAPPENED - 5 });
const told = received('OrderCompletedNotificationSentEvent', { uncertain: false, occurredAt: HAPPENED - 7 });
const perhapsTold = received('OrderCompletedNotificationSentEvent', {
  uncertain: true,
  occurredAt: HAPPENED - 9,
});
const notTold = received('OrderCompletedNotificationFailedEvent');

test('each state comes with the event that led to it, and its time', () => {
  const { history } = after(paid, reserved, told);
  expect(history).toEqual([
    { status: 'PENDING_PAYMENT', at: placedAt, eventId: null },
    { status: 'PAYMENT_COMPLETED', at: now, eventId: paid.payload.eventId },
    { status: 'INVENTORY_RESERVED', at: now + 1_000, eventId: reserved.payload.eventId },
    { status: 'COMPLETED', at: now + 2_000, eventId: told.payload.eventId },
  ]);
});

test('an event proves its causes: the states between are written with it (R10)', () => {
  expect(after(told).history.slice(1)).toEqual(
    ['PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED'].map((status) => ({
      ...{ status, at: now },
      eventId: told.payload.eventId,
    })),
  );
  expect(decide(after(reserved), paid)).toEqual({ kind: 'none' });
});

test('a failed payment ends the order with its reason, unless it was paid after all', () => {
  expect(after(unpaid)).toEqual({
    ...placed,
    status: 'PAYMENT_FAILED',
    reason: 'NO_WALLET',
    history: [...placed.history, { status: 'PAYMENT_FAILED', at: now, eventId: unpaid.payload.eventId }],
  });
  expect(decide(after(paid), unpaid)).toEqual({ kind: 'none' });
});

test('a refund is final (R4), and dated by the event', () => {
  const { eventId } = refunded.payload;
  expect(after(refunded)).toEqual({
    ...placed,
    status: 'OUT_OF_STOCK',
    reason: 'OUT_OF_STOCK',
    refundedAt: HAPPENED - 5,
    history: [
      ...placed.history,
      { status: 'PAYMENT_COMPLETED', at: now, eventId },
      { status: 'OUT_OF_STOCK', at: now, eventId },
    ],
  });
  expect(after(told, refunded)).toMatchObject({ status: 'OUT_OF_STOCK', toldAt: HAPPENED - 7 });
  expect(decide(after(refunded), received('PaymentCancelledEvent'))).toEqual({ kind: 'none' });
  expect(decide(after(refunded), reserved)).toEqual({ kind: 'none' });
});

test('a refund of an order that had failed already changes neither state nor reason', () => {
  const givenUp = changeOf(decide(after(paid), over('saga'), placed.sagaDue)).row as PlacedOrder;
  expect([after(unpaid).status, givenUp.status]).toEqual(['PAYMENT_FAILED', 'OUT_OF_STOCK']);
  for (const row of [after(unpaid), givenUp])
    expect(changeOf(decide(row, refunded)).row).toEqual({ ...row, refundedAt: HAPPENED - 5 });
});

describe('what the customer was told (R9)', () => {
  test('is dated by the first event that says so', () => {
    expect(after(told).toldAt).toBe(HAPPENED - 7);
    expect(after(perhapsTold, told)).toMatchObject({ status: 'COMPLETED', toldAt: HAPPENED - 9 });
    expect(decide(after(perhapsTold), perhapsTold)).toEqual({ kind: 'none' });
    expect(decide(after(told), told)).toEqual({ kind: 'none' });
  });

  test('changes no state while it is uncertain', () => {
    expect(after(perhapsTold)).toEqual({ ...placed, toldAt: HAPPENED - 9 });
  });

  const inVain = { code: 'CUSTOMER_TOLD_THEN_REFUNDED', clearedAt: null };

  test.each([
    ['before the refund', [told, refunded], now + 1_000],
    ['after the refund', [refunded, told], now + 1_000],
    ['perhaps, before the refund', [perhapsTold, refunded], now + 1_000],
    ['perhaps, before the payment failed', [perhapsTold, unpaid], now + 1_000],
    ['perhaps, before the order was given up', [perhapsTold, paid, over('saga')], undefined],
  ] as const)('%s: a person is needed', (_, inputs, since) => {
    const row = inputs.reduce<PlacedOrder>(
      (order, input, index) =>
        changeOf(
          decide(
            order,
            input,
            (input.type === 'TIMEOUT' ? placed.sagaDue : now + index * 1_000) as EpochMillis,
          ),
        ).row as PlacedOrder,
      placed,
    );
    expect(row.attention).toEqual([{ ...inVain, since: since ?? placed.sagaDue }]);
  });

  test('stays a matter for a person, whatever comes later', () => {
    const cancelled = changeOf(decide(after(perhapsTold, paid), over('saga'), placed.sagaDue));
    const row = cancelled.row as PlacedOrder;
    const later = (placed.sagaDue + 5_000) as EpochMillis;
    const settled = changeOf(decide(row, refunded, later)).row as PlacedOrder;
    expect(settled.refundedAt).toBe(HAPPENED - 5);
    expect(settled.attention).toEqual([{ ...inVain, since: placed.sagaDue }]);
  });
});

test('a notification that failed calls for a person, until the order is final', () => {
  const failed = after(reserved, notTold);
  const open = { code: 'NOTIFICATION_FAILED', since: now + 1_000, clearedAt: null };
  expect(failed).toMatchObject({ status: 'INVENTORY_RESERVED', attention: [open] });
  expect(after(notTold).history.map(({ status }) => status)).toEqual([
    'PENDING_PAYMENT',
    'PAYMENT_COMPLETED',
    'INVENTORY_RESERVED',
  ]);
  const done = changeOf(decide(failed, told, (now + 9_000) as EpochMillis)).row as PlacedOrder;
  expect(done.attention).toEqual([{ ...open, clearedAt: now + 9_000 }]);
  const undone = changeOf(decide(done, refunded, (now + 20_000) as EpochMillis)).row as PlacedOrder;
  expect(undone.attention).toEqual([
    { ...open, clearedAt: now + 9_000 },
    { code: 'CUSTOMER_TOLD_THEN_REFUNDED', since: now + 20_000, clearedAt: null },
  ]);
  expect(decide(after(told), notTold)).toEqual({ kind: 'none' });
});

describe('a wait that is over', () => {
  const cancellation = (reason: string) => ({
    type: 'OrderCancelledEvent',
    data: { reason },
    cause: { eventId: waitCauseId, correlationId: placement.correlationId },
  });

  test.each([
    ['payment', placed, placed.paymentDue, 'PAYMENT_FAILED', 'PAYMENT_TIMEOUT'],
    ['saga', placed, placed.sagaDue, 'PAYMENT_FAILED', 'SAGA_TIMEOUT'],
    ['saga', after(paid), placed.sagaDue, 'OUT_OF_STOCK', 'SAGA_TIMEOUT'],
  ] as const)(
    '%s: an order that is $1.status ends, from its deadline on',
    (wait, row, due, status, reason) => {
      expect(decide(row, over(wait), (due - 1) as EpochMillis)).toEqual({ kind: 'none' });
      expect(decide(row, over(wait), due)).toEqual({
        kind: 'change',
        row: { ...row, status, reason, history: [...row.history, { status, at: due, eventId: null }] },
        emit: cancellation(reason),
      });
    },
  );

  test('where both end at once, it is the time of the saga that is up', () => {
    const short = { ...placed, sagaDue: placed.paymentDue };
    expect(changeOf(decide(short, over('payment'), placed.paymentDue)).emit).toEqual(
      cancellation('SAGA_TIMEOUT'),
    );
  });

  test('for the notification undoes nothing: the order needs a person, once', () => {
    const row = after(reserved);
    const overdue = changeOf(decide(row, over('saga'), placed.sagaDue));
    const attention = [{ code: 'NOTIFICATION_OVERDUE', since: placed.sagaDue, clearedAt: null }];
    expect(overdue).toEqual({ kind: 'change', row: { ...row, attention } });
    const again = changeOf(decide(overdue.row, over('saga'), (placed.sagaDue + 9) as EpochMillis));
    expect((again.row as PlacedOrder).attention).toEqual(attention);
    expect(decide(row, over('payment'), placed.sagaDue)).toEqual({ kind: 'none' });
    expect(decide(after(paid), over('payment'), placed.sagaDue)).toEqual({ kind: 'none' });
  });

  test.each([after(told), after(unpaid), after(refunded)])('changes nothing once it is $status', (row) => {
    expect(isFinal(row.status)).toBe(true);
    for (const wait of ['payment', 'saga'] as const)
      expect(decide(row, over(wait), placed.sagaDue)).toEqual({ kind: 'none' });
  });
});

test('an order that nobody placed has no effects', () => {
  for (const input of [paid, unpaid, reserved, refunded, told, notTold, over('saga')])
    expect(decide({ status: 'NOTHING' }, input, placed.sagaDue)).toEqual({ kind: 'none' });
});
