import type { Attention, OrderRow, PlacedOrder } from '../db/order/order-row.js';
import type { Decision, EventFor, SagaEvent } from '../schemas/event.js';
import type { Timeout } from '../core/activity/effect.js';
import type { EpochMillis, EventId } from '../core/event.js';
import { isFinal, type OrderAttentionCode, type OrderStatus } from '../schemas/order-status.js';
import type { CancellationReason, Reason } from '../schemas/reasons.js';
import { change, NO_EFFECT } from '../core/activity/decision.js';

export type OrderWait = 'payment' | 'saga';

export type OrderDecision = Decision<OrderRow>;

/** Order's decision table: what its row says against each event, and against the end of each wait. */
export function decideOrder(
  row: OrderRow,
  event: EventFor<'order'> | Timeout<OrderWait>,
  now: EpochMillis,
): OrderDecision {
  if (row.status === 'NOTHING') return NO_EFFECT;
  if (event.type === 'TIMEOUT') return cancelOverdue(row, event.wait, now);
  const { eventId } = event.payload;
  switch (event.type) {
    case 'PaymentCompletedEvent':
      return proceed(row, 'PAYMENT_COMPLETED', now, eventId);
    case 'PaymentFailedEvent':
      if (row.status !== 'PENDING_PAYMENT') return NO_EFFECT;
      return keep(fail(row, 'PAYMENT_FAILED', event.payload.reason, now, eventId), now);
    case 'InventoryReservedEvent':
      return proceed(row, 'INVENTORY_RESERVED', now, eventId);
    case 'PaymentCancelledEvent':
      return refunded(row, event, now);
    case 'OrderCompletedNotificationSentEvent':
      return told(row, event, now);
    case 'OrderCompletedNotificationFailedEvent':
      if (isFinal(row.status)) return NO_EFFECT;
      return keep(raise(reach(row, 'INVENTORY_RESERVED', now, eventId), 'NOTIFICATION_FAILED', now), now);
  }
}

/** A wait of Order's is over. At a deadline Order is final at once (R7), unless paid and reserved. */
function cancelOverdue(row: PlacedOrder, wait: OrderWait, now: EpochMillis): OrderDecision {
  if (now < (wait === 'payment' ? row.paymentDue : row.sagaDue)) return NO_EFFECT;
  switch (row.status) {
    case 'PENDING_PAYMENT':
      return cancel(
        row,
        'PAYMENT_FAILED',
        isPaymentLate(row, wait) ? 'PAYMENT_TIMEOUT' : 'SAGA_TIMEOUT',
        now,
      );
    case 'PAYMENT_COMPLETED':
      return wait === 'saga' ? cancel(row, 'OUT_OF_STOCK', 'SAGA_TIMEOUT', now) : NO_EFFECT;
    case 'INVENTORY_RESERVED':
      return wait === 'saga' ? keep(raise(row, 'NOTIFICATION_OVERDUE', now), now) : NO_EFFECT;
    case 'COMPLETED':
    case 'PAYMENT_FAILED':
    case 'OUT_OF_STOCK':
      return NO_EFFECT;
  }
}

/** The payment wait never outlasts the saga; where both end at once, it is the saga's time that is up. */
const isPaymentLate = ({ paymentDue, sagaDue }: PlacedOrder, wait: OrderWait): boolean =>
  wait === 'payment' && paymentDue < sagaDue;

const happyPath = ['PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED'] as const;
type HappyStatus = (typeof happyPath)[number];

/** R10: an event proves its causes, so the states between are written in one go; an order never goes back. */
function reach(row: PlacedOrder, target: HappyStatus, now: EpochMillis, eventId: EventId): PlacedOrder {
  const here = happyPath.findIndex((status) => status === row.status);
  if (here === -1) return row;
  const steps = happyPath.slice(here + 1, happyPath.indexOf(target) + 1);
  return steps.reduce((order, status) => enter(order, status, now, eventId), row);
}

function proceed(row: PlacedOrder, target: HappyStatus, now: EpochMillis, eventId: EventId): OrderDecision {
  const order = reach(row, target, now, eventId);
  return order === row ? NO_EFFECT : keep(order, now);
}

/** A refund is final (R4), whatever the order has reached meanwhile; it also proves the payment (R10). */
function refunded(
  row: PlacedOrder,
  { payload }: SagaEvent<'PaymentCancelledEvent'>,
  now: EpochMillis,
): OrderDecision {
  if (row.refundedAt !== null) return NO_EFFECT;
  const order: PlacedOrder = { ...row, refundedAt: payload.occurredAt };
  if (row.status === 'PAYMENT_FAILED' || row.status === 'OUT_OF_STOCK') return keep(order, now);
  const paid = reach(order, 'PAYMENT_COMPLETED', now, payload.eventId);
  return keep(fail(paid, 'OUT_OF_STOCK', payload.reason, now, payload.eventId), now);
}

/** What the customer was told is never hidden (R9); an uncertain notification changes no state. */
function told(
  row: PlacedOrder,
  { payload }: SagaEvent<'OrderCompletedNotificationSentEvent'>,
  now: EpochMillis,
): OrderDecision {
  if (row.toldAt !== null && (payload.uncertain || isFinal(row.status))) return NO_EFFECT;
  const order: PlacedOrder = { ...row, toldAt: row.toldAt ?? payload.occurredAt };
  return keep(payload.uncertain ? order : reach(order, 'COMPLETED', now, payload.eventId), now);
}

function cancel(
  row: PlacedOrder,
  status: 'PAYMENT_FAILED' | 'OUT_OF_STOCK',
  reason: CancellationReason,
  now: EpochMillis,
): OrderDecision {
  return change(clearAttention(fail(row, status, reason, now, null), now), {
    type: 'OrderCancelledEvent',
    data: { reason },
    cause: { eventId: row.waitCauseId, correlationId: row.placement.correlationId },
  });
}

const keep = (order: PlacedOrder, now: EpochMillis): OrderDecision => change(clearAttention(order, now));

const fail = (
  row: PlacedOrder,
  status: 'PAYMENT_FAILED' | 'OUT_OF_STOCK',
  reason: Reason,
  now: EpochMillis,
  eventId: EventId | null,
): PlacedOrder => ({ ...enter(row, status, now, eventId), reason });

const enter = (
  row: PlacedOrder,
  status: OrderStatus,
  at: EpochMillis,
  eventId: EventId | null,
): PlacedOrder => ({
  ...row,
  status,
  history: [...row.history, { status, at, eventId }],
});

/** A final order needs nobody any more, except where its customer was told of what was then undone. */
function clearAttention(order: PlacedOrder, now: EpochMillis): PlacedOrder {
  if (!isFinal(order.status)) return order;
  const attention = order.attention.map((entry): Attention =>
    entry.code === 'CUSTOMER_TOLD_THEN_REFUNDED' ? entry : { ...entry, clearedAt: entry.clearedAt ?? now },
  );
  const cleared = { ...order, attention };
  const toldInVain = order.status !== 'COMPLETED' && order.toldAt !== null;
  return toldInVain ? raise(cleared, 'CUSTOMER_TOLD_THEN_REFUNDED', now) : cleared;
}

function raise(order: PlacedOrder, code: OrderAttentionCode, since: EpochMillis): PlacedOrder {
  if (order.attention.some((entry) => entry.code === code)) return order;
  return { ...order, attention: [...order.attention, { code, since, clearedAt: null }] };
}
