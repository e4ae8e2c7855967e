import { change, NO_EFFECT, tooLate } from '../core/activity/decision.js';
import type { Timeout } from '../core/activity/effect.js';
import { causeOf, type Cause, type EpochMillis } from '../core/event.js';
import { eventIdOf } from '../core/event-id.js';
import type { Charge, PaymentRow, WalletCommand, WalletResult } from '../db/payment/payment-row.js';
import type { Decision, EventFor, SagaEvent } from '../schemas/event.js';
import type { PaymentFailureReason, RefundReason } from '../schemas/reasons.js';

export type PaymentDecision = Decision<PaymentRow, WalletCommand, WalletResult>;

export interface PaymentTimes {
  readonly now: EpochMillis;
  /** How long Payment waits for the reservation, in ms. */
  readonly reservationWait: number;
}

/** Payment's decision table: what its row says against each event, and against the end of its wait. */
export function decidePayment(
  row: PaymentRow,
  event: EventFor<'payment'> | Timeout,
  times: PaymentTimes,
): PaymentDecision {
  switch (event.type) {
    case 'OrderCreatedEvent':
      return row.status === 'NOTHING' ? charge(event, times) : NO_EFFECT;
    case 'OrderCancelledEvent':
      return cancel(row, event);
    case 'InventoryReservedEvent':
      return row.status === 'CHARGED' ? change({ status: 'CONFIRMED', charge: row.charge }) : NO_EFFECT;
    case 'InventoryReservationFailedEvent':
      return row.status === 'CHARGED' ? refund(row.charge, event.payload.reason, causeOf(event)) : NO_EFFECT;
    case 'TIMEOUT':
      return refundUnreserved(row, times.now);
  }
}

/** The charge threw and nothing of it was committed: from now on it cannot be. */
export function voidCharge(row: PaymentRow, order: SagaEvent<'OrderCreatedEvent'>): PaymentDecision {
  return row.status === 'NOTHING' ? fail('VOID', 'PAYMENT_ERROR', causeOf(order)) : NO_EFFECT;
}

function charge(
  order: SagaEvent<'OrderCreatedEvent'>,
  { now, reservationWait }: PaymentTimes,
): PaymentDecision {
  if (tooLate(order.payload, now)) return fail('DECLINED', 'PAYMENT_TIMEOUT', causeOf(order));
  const { customerId, total } = order.payload;
  const answerBy = (now + reservationWait) as EpochMillis;
  return {
    kind: 'do',
    command: { kind: 'debit', customerId, total },
    onResult: (result) =>
      result === 'DONE' ? charged(order, answerBy) : fail('DECLINED', result, causeOf(order)),
  };
}

function charged(order: SagaEvent<'OrderCreatedEvent'>, answerBy: EpochMillis): Decision<PaymentRow> {
  const { orderId, eventId, correlationId, customerId, items, total } = order.payload;
  const waitCauseId = eventIdOf(orderId, 'PaymentCompletedEvent', eventId);
  return change(
    { status: 'CHARGED', charge: { customerId, total, correlationId, waitCauseId, answerBy } },
    { type: 'PaymentCompletedEvent', data: { customerId, items, total, answerBy }, cause: causeOf(order) },
  );
}

function cancel(row: PaymentRow, event: SagaEvent<'OrderCancelledEvent'>): PaymentDecision {
  switch (row.status) {
    case 'NOTHING':
      return fail('VOID', 'ORDER_CANCELLED', causeOf(event));
    case 'CHARGED':
    case 'CONFIRMED':
      return refund(row.charge, 'ORDER_CANCELLED', causeOf(event));
    case 'DECLINED':
    case 'VOID':
    case 'REFUNDED':
      return NO_EFFECT;
  }
}

/** The wait for the reservation is over. A confirmed payment is never refunded by the clock. */
function refundUnreserved(row: PaymentRow, now: EpochMillis): PaymentDecision {
  if (row.status !== 'CHARGED' || now < row.charge.answerBy) return NO_EFFECT;
  const { waitCauseId, correlationId } = row.charge;
  return refund(row.charge, 'INVENTORY_TIMEOUT', { eventId: waitCauseId, correlationId });
}

/** The compensation of a charge. */
const refund = (charge: Charge, reason: RefundReason, cause: Cause): PaymentDecision => ({
  kind: 'do',
  command: { kind: 'credit', customerId: charge.customerId, total: charge.total },
  onResult: () =>
    change(
      { status: 'REFUNDED', charge, reason },
      { type: 'PaymentCancelledEvent', data: { reason, refunded: charge.total }, cause },
    ),
});

const fail = (
  status: 'DECLINED' | 'VOID',
  reason: PaymentFailureReason,
  cause: Cause,
): Decision<PaymentRow> =>
  change({ status, reason }, { type: 'PaymentFailedEvent', data: { reason }, cause });
