import type { Pool } from '../../db/pool.js';
import { findCustomer, findProducts, type Product } from '../../db/order/reference-data.js';
import type { CustomerId, MinorUnits, Sku } from '../../schemas/ids.js';
import type { Money, PlacedItem, Placement } from '../../schemas/placement.js';
import { Problem } from '../http/problem.js';

export interface OrderedItem {
  readonly sku: Sku;
  readonly quantity: number;
}

/** Puts the server's prices on what a customer ordered. Throws a Problem (422) when it cannot be ordered. */
export async function pricePlacement(
  pool: Pool,
  customerId: CustomerId,
  items: readonly OrderedItem[],
): Promise<Pick<Placement, 'customerId' | 'items' | 'total'>> {
  if (!(await findCustomer(pool, customerId)))
    throw new Problem('unknown-customer', `there is no customer ${customerId}`, {
      errors: [{ pointer: '#/customerId', detail: 'unknown customer' }],
    });
  const products = await findProducts(
    pool,
    items.map(({ sku }) => sku),
  );
  const priced = priceItems(items, new Map(products.map((product) => [product.sku, product])));
  return { customerId, items: priced, total: totalOf(priced) };
}

function priceItems(
  items: readonly OrderedItem[],
  products: ReadonlyMap<Sku, Product>,
): readonly PlacedItem[] {
  const errors = items.flatMap(({ sku }, index) =>
    products.has(sku) ? [] : [{ pointer: `#/items/${index}/sku`, detail: 'unknown product' }],
  );
  if (errors.length > 0) throw new Problem('unknown-product', 'not all products exist', { errors });
  return items.flatMap(({ sku, quantity }) => {
    const product = products.get(sku);
    return product ? [{ sku, quantity, unitPrice: product.price }] : [];
  });
}

function totalOf(items: readonly PlacedItem[]): Money {
  const [currency, ...others] = new Set(items.map(({ unitPrice }) => unitPrice.currency));
  if (currency === undefined) throw new Problem('no-items', 'an order has at least one item');
  if (others.length > 0) throw new Problem('mixed-currencies', `${currency} and ${others.join(', ')}`);
  const amount = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  if (!Number.isSafeInteger(amount))
    throw new Problem('total-too-large', 'the total is more than can be counted exactly');
  return { amount: amount as MinorUnits, currency };
}
