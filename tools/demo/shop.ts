import type { ApiClient, Placement } from './api-client.js';

const krw = (amount: number) => ({ amount, currency: 'KRW' });

/** Customers and products of one run of the demo: no other run can disturb its sums. */
export interface DemoShop {
  readonly rich: string;
  readonly poor: string;
  readonly plenty: readonly string[];
  readonly soldOut: string;
}

/**
 * A rich customer and a poor one, two products with plenty of stock and one that is as good as sold out. They are never
 * removed. Lists are sorted by id, so these names put alice, bob and the mouse before the leftovers of every run.
 */
export async function openShop(api: ApiClient, run: string): Promise<DemoShop> {
  const shop: DemoShop = {
    rich: `rich-${run}`,
    poor: `poor-${run}`,
    plenty: [`pen-${run}`, `ruler-${run}`],
    soldOut: `unicorn-${run}`,
  };
  for (const [customer, money] of [
    [shop.rich, 10_000_000_000],
    [shop.poor, 100],
  ] as const) {
    await api.putCustomer(customer, customer);
    await api.putContact(customer, `${customer}@shop.example`);
    await api.deposit(customer, krw(money), `demo-${run}`);
  }
  for (const [index, sku] of [...shop.plenty, shop.soldOut].entries()) {
    await api.putProduct(sku, sku, krw(1_500 + 3_700 * index));
    await api.restock(sku, sku === shop.soldOut ? 1 : 1_000_000, `demo-${run}`);
  }
  return shop;
}

/** About 70 % go through, 15 % lack the money, and 15 % the stock. */
export function planOrder(shop: DemoShop, random: () => number): Placement {
  const kind = random();
  const quantity = 1 + Math.floor(random() * 5);
  const plenty = shop.plenty[Math.floor(random() * shop.plenty.length)] ?? shop.soldOut;
  if (kind < 0.7) return { customerId: shop.rich, items: [{ sku: plenty, quantity }] };
  if (kind < 0.85) return { customerId: shop.poor, items: [{ sku: plenty, quantity }] };
  // Only one piece is in stock, so the other item of the order has to be given back.
  const items = [
    { sku: plenty, quantity },
    { sku: shop.soldOut, quantity: 2 },
  ];
  return { customerId: shop.rich, items };
}
