import type { Charge, PaymentAct, PaymentActResult, PaymentRow } from '../db/payment/payment-row.js';
import { eventIdOf } from '../schemas/event-id.js';
import type { Cause, SagaEvent } from '../schemas/event.js';
import type { EpochMillis } from '../schemas/ids.js';
import type { Money } from '../schemas/placement.js';
import type { PaymentFailureReason, RefundReason } from '../schemas/reasons.js';
import { causeOf, change, NO_EFFECT, tooLate, type Decision } from './decision.js';

export type PaymentEvent = SagaEvent<
  'OrderCreatedEvent' | 'OrderCancelledEvent' | 'InventoryReservedEvent' | 'InventoryReservationFailedEvent'
>;

export type PaymentDecision = Decision<PaymentRow, PaymentAct>;

export interface PaymentTimes {
  readonly now: EpochMillis;
  /** How long Payment waits for the reservation, in ms. */
  readonly reservationWait: number;
}

/** Payment's decision table: what its row says against each event. */
export function decidePayment(row: PaymentRow, event: PaymentEvent, times: PaymentTimes): PaymentDecision {
  switch (event.type) {
    case 'OrderCreatedEvent':
      return row.status === 'NOTHING' ? charge(event, times) : NO_EFFECT;
    case 'OrderCancelledEvent':
      return cancel(row, event);
    case 'InventoryReservedEvent':
      return row.status === 'CHARGED' ? change({ status: 'SETTLED', charge: row.charge }) : NO_EFFECT;
    case 'InventoryReservationFailedEvent':
      return row.status === 'CHARGED' ? refund(row.charge, event.payload.reason, causeOf(event)) : NO_EFFECT;
  }
}

/** The charge threw and nothing of it was committed: it shall never be. */
export function voidCharge(row: PaymentRow, order: SagaEvent<'OrderCreatedEvent'>): PaymentDecision {
  return row.status === 'NOTHING' ? fail('VOID', 'PAYMENT_ERROR', causeOf(order)) : NO_EFFECT;
}

/** The wait for the reservation is over. A settled payment is never refunded by the clock. */
export function giveUpOnReservation(row: PaymentRow, now: EpochMillis): PaymentDecision {
  if (row.status !== 'CHARGED' || now < row.charge.answerBy) return NO_EFFECT;
  const { waitCauseId, correlationId } = row.charge;
  return refund(row.charge, 'INVENTORY_TIMEOUT', { eventId: waitCauseId, correlationId });
}

/** What the wallet's answer makes of the row. */
export function concludePayment(
  _: PaymentRow,
  act: PaymentAct,
  result: PaymentActResult,
): Decision<PaymentRow> {
  if (act.kind === 'refund') return refunded(act);
  const cause = causeOf(act.order);
  return result === 'DONE' ? charged(act.order, act.answerBy) : fail('DECLINED', result, cause);
}

function charge(
  order: SagaEvent<'OrderCreatedEvent'>,
  { now, reservationWait }: PaymentTimes,
): PaymentDecision {
  if (tooLate(order.payload, now)) return fail('DECLINED', 'PAYMENT_TIMEOUT', causeOf(order));
  return { kind: 'act', act: { kind: 'charge', order, answerBy: (now + reservationWait) as EpochMillis } };
}

function cancel(row: PaymentRow, event: SagaEvent<'OrderCancelledEvent'>): PaymentDecision {
  switch (row.status) {
    case 'NOTHING':
      return fail('VOID', 'ORDER_CANCELLED', causeOf(event));
    case 'CHARGED':
    case 'SETTLED':
      return refund(row.charge, 'ORDER_CANCELLED', causeOf(event));
    case 'DECLINED':
    case 'VOID':
    case 'REFUNDED':
      return NO_EFFECT;
  }
}

const refund = (charge: Charge, reason: RefundReason, cause: Cause): PaymentDecision => ({
  kind: 'act',
  act: { kind: 'refund', charge, reason, cause },
});

const fail = (
  status: 'DECLINED' | 'VOID',
  reason: PaymentFailureReason,
  cause: Cause,
): Decision<PaymentRow> =>
  change({ status, reason }, { type: 'PaymentFailedEvent', data: { reason }, cause });

function charged(order: SagaEvent<'OrderCreatedEvent'>, answerBy: EpochMillis): Decision<PaymentRow> {
  const { orderId, eventId, correlationId, customerId, items, total } = order.payload;
  const waitCauseId = eventIdOf(orderId, 'PaymentCompletedEvent', eventId);
  return change(
    { status: 'CHARGED', charge: { customerId, total, correlationId, waitCauseId, answerBy } },
    { type: 'PaymentCompletedEvent', data: { customerId, items, total, answerBy }, cause: causeOf(order) },
  );
}

function refunded({ charge, reason, cause }: PaymentAct & { kind: 'refund' }): Decision<PaymentRow> {
  const refunded: Money = charge.total;
  return change(
    { status: 'REFUNDED', charge, reason },
    { type: 'PaymentCancelledEvent', data: { reason, refunded }, cause },
  );
}
