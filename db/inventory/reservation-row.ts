import type { PlacedItem } from '../../schemas/placement.js';
import type { ReservationFailureReason } from '../../schemas/reasons.js';

/** What Inventory knows of an order. RELEASED without items is a reservation that can never happen (a tombstone, R5). */
export type ReservationRow =
  | { readonly status: 'NOTHING' }
  | { readonly status: 'RESERVED'; readonly items: readonly PlacedItem[] }
  | { readonly status: 'REJECTED'; readonly reason: ReservationFailureReason }
  | { readonly status: 'RELEASED' };

/** What a decision can ask of the stock: all items or none. */
export interface StockCommand {
  readonly kind: 'reserve' | 'release';
  readonly items: readonly PlacedItem[];
}

export type StockResult = 'DONE' | 'OUT_OF_STOCK' | 'UNKNOWN_SKU';
