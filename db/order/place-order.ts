import { beginSaga, type Beginning } from '../../core/activity/begin.js';
import { eventIdOf } from '../../core/event-id.js';
import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import { contract } from '../../schemas/registry.js';
import type { OrderRow, PlacedOrder } from './order-row.js';
import type { OrderStore } from './orders.js';

/** Both begin when the order is placed. */
export interface OrderWaits {
  /** How long Order waits for the payment, in ms. */
  readonly payment: number;
  /** How long the whole saga may take, in ms. */
  readonly saga: number;
}

/**
 * Stores an order and its OrderCreatedEvent in one transaction, and returns the order; one that is there already stays
 * as it is, and is returned. Throws `OutcomeUnknown` where nobody knows whether it was stored: a second call finds out.
 */
export const placeOrder = (
  store: OrderStore,
  orderId: OrderId,
  placement: Placement,
  waits: OrderWaits,
): Promise<PlacedOrder> =>
  beginSaga(contract, store, orderId, (now) => newOrder(orderId, placement, waits, now));

function newOrder(
  orderId: OrderId,
  placement: Placement,
  waits: OrderWaits,
  now: EpochMillis,
): Beginning<OrderRow> {
  const { customerId, items, total, correlationId } = placement;
  const sagaDue = (now + waits.saga) as EpochMillis;
  const paymentDue = Math.min(now + waits.payment, sagaDue) as EpochMillis;
  return {
    row: {
      status: 'PENDING_PAYMENT',
      placement,
      reason: null,
      toldAt: null,
      refundedAt: null,
      waitCauseId: eventIdOf(orderId, 'OrderCreatedEvent', null),
      paymentDue,
      sagaDue,
      history: [{ status: 'PENDING_PAYMENT', at: now, eventId: null }],
      attention: [],
    },
    emit: {
      type: 'OrderCreatedEvent',
      data: { customerId, items, total, answerBy: paymentDue },
      cause: { eventId: null, correlationId },
    },
  };
}
