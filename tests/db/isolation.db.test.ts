import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withTransaction } from '../../core/postgres/transaction.js';
import { deposit } from '../../db/payment/wallets.js';
import type { Currency, CustomerId, MinorUnits } from '../../schemas/ids.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { placementOf } from '../support/saga-world.js';
import { shopSums } from '../support/shop-sums.js';

describe.each(['repeatable read', 'serializable'])('in a database whose default is %s', (level) => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await createTestDatabase();
    await seedShop(db.owner);
    await db.owner.query(
      `do $$ begin execute format('alter database %I set default_transaction_isolation = %L', current_database(), '${level}'); end $$`,
    );
  });
  afterEach(() => db.close());

  test('our statements run under read committed, within a transaction and without', async () => {
    const levelOf = 'select current_setting($1) as level';
    const within = await withTransaction(db.pools.payment, (tx) =>
      tx.query(levelOf, ['transaction_isolation']),
    );
    const without = await db.pools.payment.query(levelOf, ['transaction_isolation']);
    expect([within.rows, without.rows]).toEqual([
      [{ level: 'read committed' }],
      [{ level: 'read committed' }],
    ]);
  });

  test('also where the login has a default of its own', async () => {
    await db.owner.query(
      `do $$ begin execute format('alter role payment_service in database %I set default_transaction_isolation = %L',
         current_database(), '${level}'); end $$`,
    );
    const { rows } = await withTransaction(db.pools.payment, (tx) => tx.query('show transaction_isolation'));
    expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
  });

  test('60 orders, ten at once, all complete', async () => {
    const run = effectsAlone(db);
    const customers = ['alice', 'alice', 'alice', 'bob'];
    const orders = Array.from({ length: 60 }, (_, n) => placementOf(customers[n % 4] ?? '', 'mouse'));
    await db.owner.query(`update payment.wallets set balance = 10000000 where customer_id = 'alice'`);
    await db.owner.query(`update payment.wallet_ledger set amount = 10000000 where customer_id = 'alice'`);
    const queue = orders.values();
    const lane = async () => {
      for (const placement of queue) await run(placement);
    };
    await Promise.all(Array.from({ length: 10 }, lane));
    const { rows } = await db.owner.query(
      `select status, reason, count(*)::int as orders from orders.orders group by status, reason order by status`,
    );
    expect(rows).toEqual([
      { status: 'COMPLETED', reason: null, orders: 45 },
      { status: 'PAYMENT_FAILED', reason: 'INSUFFICIENT_BALANCE', orders: 15 },
    ]);
    expect(await shopSums(db.owner)).toMatchObject({ ledgersAgree: true });
  });

  test('40 deposits at once into one wallet are all made', async () => {
    const deposits = Array.from({ length: 40 }, () =>
      deposit(db.pools.payment, {
        customerId: 'carol' as CustomerId,
        amount: { amount: 25 as MinorUnits, currency: 'KRW' as Currency },
        idempotencyKey: randomUUID(),
        requestDigest: 'digest',
      }),
    );
    const outcomes = (await Promise.all(deposits)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(Array(40).fill('DEPOSITED'));
    expect((await shopSums(db.owner)).balance['carol']).toBe(1_000);
  });
});
