import type { ApiClient } from './api-client.js';

const krw = (amount: number) => ({ amount, currency: 'KRW' });

/** A shop of its own for one run of the demo, so that runs do not disturb each other's sums. */
export interface DemoShop {
  readonly rich: string;
  readonly poor: string;
  readonly plenty: readonly string[];
  readonly soldOut: string;
}

export interface PlannedOrder {
  readonly customerId: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/**
 * One customer with money for everything, one with next to none; two products in plenty, one sold out. They stay, and
 * lists go by id: with these names alice, bob and the mouse come before those of any number of runs.
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

/** About 70 % fine, 15 % short of money, 15 % short of stock. */
export function planOrder(shop: DemoShop, random: () => number): PlannedOrder {
  const kind = random();
  const quantity = 1 + Math.floor(random() * 5);
  const plenty = shop.plenty[Math.floor(random() * shop.plenty.length)] ?? shop.soldOut;
  if (kind < 0.7) return { customerId: shop.rich, items: [{ sku: plenty, quantity }] };
  if (kind < 0.85) return { customerId: shop.poor, items: [{ sku: plenty, quantity }] };
  // One piece is in stock, so two are one too many; the other item must come back whole.
  const items = [
    { sku: plenty, quantity },
    { sku: shop.soldOut, quantity: 2 },
  ];
  return { customerId: shop.rich, items };
}
