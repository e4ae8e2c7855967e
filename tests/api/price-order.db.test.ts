import { afterAll, beforeAll, expect, test } from 'vitest';
import { priceOrder } from '../../api/order/price-order.js';
import type { CustomerId, Sku } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedReferenceData } from '../support/shop.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedReferenceData(db.owner);
  await db.owner.query(`insert into orders.products values ('won', 'Won', 1, 'KRW')`);
});
afterAll(() => db.close());

/** Prices so many pieces of each product for a customer. */
const price = (pieces: Readonly<Record<string, number>>, customerId = 'alice') => {
  const items = Object.entries(pieces).map(([sku, quantity]) => ({ sku: sku as Sku, quantity }));
  return priceOrder(db.pools.order, customerId as CustomerId, items);
};
const krw = (amount: number) => ({ amount, currency: 'KRW' });

test('each item has the price of its product, and the total is that of all pieces', async () => {
  expect(await price({ keyboard: 2, mouse: 3 })).toEqual({
    customerId: 'alice',
    items: [
      { sku: 'keyboard', quantity: 2, unitPrice: krw(120_000) },
      { sku: 'mouse', quantity: 3, unitPrice: krw(25_000) },
    ],
    total: krw(315_000),
  });
});

test('a total at its limit is priced, and one unit more is not', async () => {
  expect(await price({ moon: 1 })).toMatchObject({ total: krw(limits.total.max) });
  expect(await price({ moon: 1, won: 1 })).toEqual({ refusal: { reason: 'TOTAL_TOO_LARGE' } });
});

test.each([
  ['an unknown customer', { mouse: 1 }, 'nobody', { reason: 'UNKNOWN_CUSTOMER', customerId: 'nobody' }],
  [
    'unknown products, at their places',
    { sun: 1, mouse: 1, star: 1 },
    'alice',
    { reason: 'UNKNOWN_PRODUCTS', at: [0, 2] },
  ],
  [
    'two currencies',
    { mouse: 1, teapot: 2, keyboard: 1 },
    'alice',
    { reason: 'MIXED_CURRENCIES', currencies: ['KRW', 'EUR'] },
  ],
  ['nothing at all', {}, 'alice', { reason: 'NO_ITEMS' }],
])('%s: no price', async (_, pieces, customerId, refusal) => {
  expect(await price(pieces, customerId)).toEqual({ refusal });
});
