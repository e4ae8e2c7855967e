import type { Pool } from '../../core/postgres/pool.js';
import { findPriceList, type Product } from '../../db/order/reference-data.js';
import type { Currency, CustomerId, MinorUnits, Sku } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import type { Money, PlacedItem, Placement } from '../../schemas/placement.js';

export interface OrderedItem {
  readonly sku: Sku;
  readonly quantity: number;
}

export type PricedOrder = Pick<Placement, 'customerId' | 'items' | 'total'>;

/** Why an order has no price. */
export type PricingRefusal =
  | { readonly reason: 'UNKNOWN_CUSTOMER'; readonly customerId: CustomerId }
  /** `at`: the positions in the order of the items whose product is unknown. */
  | { readonly reason: 'UNKNOWN_PRODUCTS'; readonly at: readonly number[] }
  | { readonly reason: 'MIXED_CURRENCIES'; readonly currencies: readonly Currency[] }
  | { readonly reason: 'NO_ITEMS' | 'TOTAL_TOO_LARGE' };

type Refused<Refusal> = { readonly refusal: Refusal };

/** Prices the items by the server's own products. */
export async function priceOrder(
  pool: Pool,
  customerId: CustomerId,
  items: readonly OrderedItem[],
): Promise<Refused<PricingRefusal> | (PricedOrder & { readonly refusal?: undefined })> {
  const skus = items.map(({ sku }) => sku);
  const { isCustomer, products } = await findPriceList(pool, customerId, skus);
  if (!isCustomer) return { refusal: { reason: 'UNKNOWN_CUSTOMER', customerId } };
  const priced = priceItems(items, new Map(products.map((product) => [product.sku, product])));
  if ('refusal' in priced) return priced;
  const total = totalOf(priced.items);
  return 'refusal' in total ? total : { customerId, items: priced.items, total };
}

function priceItems(
  items: readonly OrderedItem[],
  products: ReadonlyMap<Sku, Product>,
): Refused<PricingRefusal> | { readonly items: readonly PlacedItem[] } {
  const unknown = items.flatMap(({ sku }, at) => (products.has(sku) ? [] : [at]));
  if (unknown.length > 0) return { refusal: { reason: 'UNKNOWN_PRODUCTS', at: unknown } };
  return {
    items: items.flatMap(({ sku, quantity }) => {
      const product = products.get(sku);
      return product ? [{ sku, quantity, unitPrice: product.price }] : [];
    }),
  };
}

function totalOf(items: readonly PlacedItem[]): Refused<PricingRefusal> | Money {
  const currencies = [...new Set(items.map(({ unitPrice }) => unitPrice.currency))];
  const [currency, ...others] = currencies;
  if (currency === undefined) return { refusal: { reason: 'NO_ITEMS' } };
  if (others.length > 0) return { refusal: { reason: 'MIXED_CURRENCIES', currencies } };
  const amount = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  if (amount > limits.total.max) return { refusal: { reason: 'TOTAL_TOO_LARGE' } };
  return { amount: amount as MinorUnits, currency };
}
