import { IdempotentConsumer } from '../core/activity/consumer.js';
import type { Effect, EffectContext, EffectResult, SharedEffects, Timeout } from '../core/activity/effect.js';
import type { EpochMillis, EventId } from '../core/event.js';
import { isOverdue, type OrderRow } from '../db/order/order-row.js';
import type { OrderStore } from '../db/order/orders.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { OrderStatus } from '../schemas/order-status.js';
import type { Reason } from '../schemas/reasons.js';
import { contract } from '../schemas/registry.js';
import { decideOrder, type OrderWait } from './order-rules.js';

/** What the order participant sees of its row. */
export type Order = { readonly status: 'NOTHING' } | StoredOrder;

export interface StoredOrder {
  readonly status: OrderStatus;
  readonly reason: Reason | null;
  readonly waitCauseId: EventId;
  readonly paymentDue: EpochMillis;
  readonly sagaDue: EpochMillis;
  /** The saga deadline has passed and was put on record; nothing is left to wait for but the notification. */
  readonly overdue: boolean;
}

/** An effect reaches the state that its name says, and all those that the event proves (R10). */
export interface OrderEffects extends SharedEffects<Order> {
  markPaid: Effect<SagaEvent<'PaymentCompletedEvent'>, Order>;
  markUnpaid: Effect<SagaEvent<'PaymentFailedEvent'>, Order>;
  markReserved: Effect<SagaEvent<'InventoryReservedEvent'>, Order>;
  /** Out of stock, whatever the order had reached: a refund is final (R4). */
  markRefunded: Effect<SagaEvent<'PaymentCancelledEvent'>, Order>;
  /** Complete, unless it was cancelled meanwhile: that the customer was told is recorded in any case (R9). */
  complete: Effect<SagaEvent<'OrderCompletedNotificationSentEvent'>, Order>;
  /** The customer could not be told: the order needs a person. */
  callForAttention: Effect<SagaEvent<'OrderCompletedNotificationFailedEvent'>, Order>;
  /** A wait is over: cancels the order, or, once it is paid and reserved, calls for attention. */
  cancel: Effect<Timeout<OrderWait>, Order>;
}

export function createOrderEffects(store: OrderStore): OrderEffects {
  const consumer = new IdempotentConsumer(contract, store, viewOrder);
  const decide = (
    context: EffectContext,
    input: EventFor<'order'> | Timeout<OrderWait>,
  ): Promise<EffectResult<Order>> => consumer.consume(context, input, decideOrder);
  return {
    ...consumer.sharedEffects,
    markPaid: decide,
    markUnpaid: decide,
    markReserved: decide,
    markRefunded: decide,
    complete: decide,
    callForAttention: decide,
    cancel: decide,
  };
}

function viewOrder(row: OrderRow = { status: 'NOTHING' }): Order {
  if (row.status === 'NOTHING') return row;
  const { status, reason, waitCauseId, paymentDue, sagaDue } = row;
  return { status, reason, waitCauseId, paymentDue, sagaDue, overdue: isOverdue(row) };
}
