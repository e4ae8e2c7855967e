import type { CorrelationId } from '../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../schemas/ids.js';
import type { PlacedItem, Placement } from '../schemas/placement.js';

/** The one order of every world. */
export const orderId = '0b9a0f5e-6c1d-4f4e-9f35-3d1c2a7b8e90' as OrderId;

const price = { amount: 25_000 as MinorUnits, currency: 'KRW' as Currency };

export const placement: Placement = {
  customerId: 'alice' as CustomerId,
  items: [{ sku: 'mouse' as Sku, quantity: 1, unitPrice: price }],
  total: price,
  correlationId: '5d0c8a44-21f3-4c0e-8a5b-7f0f6f1e9b21' as CorrelationId,
  requestDigest: null,
};

export const orderedPieces = (items: readonly PlacedItem[]): number =>
  items.reduce((sum, { quantity }) => sum + quantity, 0);
