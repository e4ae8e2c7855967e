import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../../schemas/limits.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { forgetLimits } from '../support/forget-limits.js';
import { shopSums } from '../support/shop-sums.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  await db.owner.query(forgetLimits);
  const [kept, refunded] = [randomUUID(), randomUUID()];
  await db.owner.query(`
    insert into orders.products values ('moon', 'Moon', ${limits.price.max + 1}, 'KRW');
    insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at) values
      ('alice', 'CHARGE', -25000, '${kept}', now()),
      ('alice', 'CHARGE', -700, '${refunded}', now()), ('alice', 'REFUND', 700, '${refunded}', now());
    update payment.wallets set balance = balance - 25000 where customer_id = 'alice';`);
  const migration = new URL('../../db/migrations/0014_limits.sql', import.meta.url);
  await db.owner.query(await readFile(migration, 'utf8'));
});
afterAll(() => db.close());

test('what was charged before counts, unless it was refunded', async () => {
  const { rows } = await db.owner.query(
    `select customer_id, charged from payment.wallets order by customer_id`,
  );
  expect(rows).toEqual([
    { customer_id: 'alice', charged: 25_000 },
    { customer_id: 'bob', charged: 0 },
  ]);
  expect(await shopSums(db.owner)).toMatchObject({ ledgersAgree: true });
});

test('a row of before stays as it is, and can only be brought within its limit', async () => {
  const price = `select price from orders.products where sku = 'moon'`;
  expect((await db.owner.query(price)).rows).toEqual([{ price: limits.price.max + 1 }]);
  await expect(
    db.owner.query(`update orders.products set name = 'The moon' where sku = 'moon'`),
  ).rejects.toMatchObject({ constraint: 'price_within_limits' });
  await db.owner.query(`update orders.products set price = price - 1 where sku = 'moon'`);
  expect((await db.owner.query(price)).rows).toEqual([{ price: limits.price.max }]);
});
