import type { Cause, SagaEvent } from '../../schemas/event.js';
import type { CorrelationId, CustomerId, EpochMillis, EventId } from '../../schemas/ids.js';
import type { Money } from '../../schemas/placement.js';
import type { PaymentFailureReason, RefundReason } from '../../schemas/reasons.js';

/** What Payment knows of an order. VOID is a charge that can never happen any more (a tombstone, R5). */
export type PaymentRow =
  | { readonly status: 'NOTHING' }
  | { readonly status: 'DECLINED' | 'VOID'; readonly reason: PaymentFailureReason }
  | { readonly status: 'CHARGED' | 'SETTLED'; readonly charge: Charge }
  | { readonly status: 'REFUNDED'; readonly charge: Charge; readonly reason: RefundReason };

export interface Charge {
  readonly customerId: CustomerId;
  readonly total: Money;
  readonly correlationId: CorrelationId;
  /** The PaymentCompletedEvent, which began the wait for the reservation. */
  readonly waitCauseId: EventId;
  /** When Payment stops waiting for the reservation. */
  readonly answerBy: EpochMillis;
}

/** What a decision can ask of a wallet. */
export type PaymentAct =
  | {
      readonly kind: 'charge';
      readonly order: SagaEvent<'OrderCreatedEvent'>;
      readonly answerBy: EpochMillis;
    }
  | {
      readonly kind: 'refund';
      readonly charge: Charge;
      readonly reason: RefundReason;
      readonly cause: Cause;
    };

export type PaymentActResult = 'DONE' | 'NO_WALLET' | 'INSUFFICIENT_BALANCE';
