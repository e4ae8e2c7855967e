import type { CorrelationId, EpochMillis, EventId } from '../../core/event.js';
import type { CustomerId } from '../../schemas/ids.js';
import type { Money } from '../../schemas/placement.js';
import type { PaymentFailureReason, RefundReason } from '../../schemas/reasons.js';

/**
 * What Payment knows of an order. CONFIRMED: its stock is reserved, so the charge stands. VOID: it can never be charged
 * any more (a tombstone, R5).
 */
export type PaymentRow =
  | { readonly status: 'NOTHING' }
  | { readonly status: 'DECLINED' | 'VOID'; readonly reason: PaymentFailureReason }
  | { readonly status: 'CHARGED' | 'CONFIRMED'; readonly charge: Charge }
  | { readonly status: 'REFUNDED'; readonly charge: Charge; readonly reason: RefundReason };

/** When Payment stops waiting for the reservation; null where it waits for nothing. */
export function dueAt(row: PaymentRow): EpochMillis | null {
  return row.status === 'CHARGED' ? row.charge.answerBy : null;
}

export interface Charge {
  readonly customerId: CustomerId;
  readonly total: Money;
  readonly correlationId: CorrelationId;
  /** The PaymentCompletedEvent, which began the wait for the reservation. */
  readonly waitCauseId: EventId;
  /** When Payment stops waiting for the reservation. */
  readonly answerBy: EpochMillis;
}

/** What a decision can ask of a wallet: to take the whole amount or nothing, or to give it back. */
export interface WalletCommand {
  readonly kind: 'debit' | 'credit';
  readonly customerId: CustomerId;
  readonly total: Money;
}

export type WalletResult = 'DONE' | 'NO_WALLET' | 'INSUFFICIENT_BALANCE';
