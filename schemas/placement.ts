import type { CorrelationId } from '../core/event.js';
import type { Currency, CustomerId, MinorUnits, Sku } from './ids.js';

/** What a customer ordered, priced by the server. */
export interface Placement {
  readonly customerId: CustomerId;
  readonly items: readonly PlacedItem[];
  readonly total: Money;
  /** The HTTP request that placed the order. */
  readonly correlationId: CorrelationId;
  /** SHA-256 of the request's meaning, for orders placed under an idempotency key; null for others. */
  readonly requestDigest: string | null;
}

export interface PlacedItem {
  readonly sku: Sku;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface Money {
  readonly amount: MinorUnits;
  readonly currency: Currency;
}
