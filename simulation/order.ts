import type { CorrelationId } from '../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../schemas/ids.js';
import type { Money, PlacedItem, Placement } from '../schemas/placement.js';

/** An order of a world: its id, and what is ordered. */
export interface WorldsOrder {
  readonly orderId: OrderId;
  readonly placement: Placement;
}

/** The id of the first order of every world. */
export const orderId = '0b9a0f5e-6c1d-4f4e-9f35-3d1c2a7b8e90' as OrderId;

/** KRW counts whole won, EUR counts cents. */
export const currencies = ['KRW', 'EUR'] as const;

const prices: Readonly<Record<string, number>> = { mouse: 25_000, keyboard: 120_000, figurine: 80_050 };
export const skus: readonly string[] = Object.keys(prices);

/** So many pieces of each product, at the shop's price. */
export function placementOf(
  customerId: string,
  pieces: readonly (readonly [sku: string, quantity: number])[],
  currency: string,
  number: number,
): Placement {
  const items = pieces.map(([sku, quantity]): PlacedItem => {
    const unitPrice = money(prices[sku] ?? 0, currency);
    return { sku: sku as Sku, quantity, unitPrice };
  });
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  return {
    customerId: customerId as CustomerId,
    items,
    total: money(total, currency),
    correlationId: `5d0c8a44-21f3-4c0e-8a5b-7f0f6f1e9b2${number}` as CorrelationId,
    requestDigest: null,
  };
}

/** The first order has the id that is known; those that follow differ in the last digit. */
export const orderIdOf = (number: number): OrderId => `${orderId.slice(0, -1)}${number}` as OrderId;

const money = (amount: number, currency: string): Money => ({
  amount: amount as MinorUnits,
  currency: currency as Currency,
});

export const placement = placementOf(
  'alice',
  [
    ['mouse', 2],
    ['keyboard', 3],
  ],
  'KRW',
  0,
);

export const orderedPieces = (items: readonly PlacedItem[]): number =>
  items.reduce((sum, { quantity }) => sum + quantity, 0);
