import { IdempotentConsumer } from '../core/activity/consumer.js';
import type { Effect, EffectContext, EffectResult, SharedEffects, Timeout } from '../core/activity/effect.js';
import type { EpochMillis, EventId } from '../core/event.js';
import type { PaymentRow } from '../db/payment/payment-row.js';
import type { PaymentStore } from '../db/payment/payments.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { PaymentFailureReason, RefundReason } from '../schemas/reasons.js';
import { contract } from '../schemas/registry.js';
import { decidePayment, voidCharge } from './payment-rules.js';

/** What the payment participant sees of its row. */
export type Payment =
  | { readonly status: 'NOTHING' | 'CONFIRMED' }
  | { readonly status: 'DECLINED' | 'VOID'; readonly reason: PaymentFailureReason }
  | { readonly status: 'REFUNDED'; readonly reason: RefundReason }
  | { readonly status: 'CHARGED'; readonly answerBy: EpochMillis; readonly waitCauseId: EventId };

export interface PaymentEffects extends SharedEffects<Payment> {
  /** Debits the wallet, once: it is never retried (the product owner's text). */
  charge: Effect<SagaEvent<'OrderCreatedEvent'>, Payment>;
  /** Makes a charge of unknown outcome undone, unless it had been committed after all (R8). */
  void: Effect<SagaEvent<'OrderCreatedEvent'>, Payment>;
  /** The stock is reserved: from now on the clock refunds nothing. */
  confirm: Effect<SagaEvent<'InventoryReservedEvent'>, Payment>;
  /** Compensation: gives back what was charged; what was not charged never will be. */
  refund: Effect<SagaEvent<'InventoryReservationFailedEvent' | 'OrderCancelledEvent'> | Timeout, Payment>;
}

export interface PaymentSettings {
  /** How long Payment waits for the reservation, in ms. */
  readonly reservationWait: number;
}

export function createPaymentEffects(
  store: PaymentStore,
  { reservationWait }: PaymentSettings,
): PaymentEffects {
  const consumer = new IdempotentConsumer(contract, store, viewPayment);
  const decide = (
    context: EffectContext,
    input: EventFor<'payment'> | Timeout,
  ): Promise<EffectResult<Payment>> =>
    consumer.consume(context, input, (row, event, now) =>
      decidePayment(row, event, { now, reservationWait }),
    );
  return {
    ...consumer.sharedEffects,
    charge: decide,
    void: (context, order) => consumer.consume(context, order, voidCharge),
    confirm: decide,
    refund: decide,
  };
}

function viewPayment(row: PaymentRow = { status: 'NOTHING' }): Payment {
  switch (row.status) {
    case 'NOTHING':
    case 'CONFIRMED':
      return { status: row.status };
    case 'DECLINED':
    case 'VOID':
      return { status: row.status, reason: row.reason };
    case 'REFUNDED':
      return { status: row.status, reason: row.reason };
    case 'CHARGED':
      return {
        status: row.status,
        answerBy: row.charge.answerBy,
        waitCauseId: row.charge.waitCauseId,
      };
  }
}
