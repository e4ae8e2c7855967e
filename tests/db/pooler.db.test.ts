import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../core/postgres/check-database.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { leadsToSharedSessions } from '../../core/postgres/shared-sessions.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { migrate } from '../../db/migrate.js';
import {
  createTestDatabase,
  forEachLogin,
  loginOf,
  seedShop,
  type TestDatabase,
} from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { Pooler } from '../support/pooler.js';
import { placementOf } from '../support/saga-world.js';

let db: TestDatabase;
let pooler: Pooler;
let pools: TestDatabase['pools'];
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  pooler = new Pooler([db.ownerUrl, ...Object.values(db.urls)]);
  await pooler.listen();
  pools = forEachLogin((login) => openPool(pooler.through(db.urls[login])));
});
afterAll(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
  await pooler.close();
  await db.close();
});

const openPool = (url: string): Pool =>
  createPool({ url, applicationName: 'test', maxConnections: 5, onError: () => undefined });

describe('through a pooler in transaction mode', () => {
  test('a limit of time as a start-up parameter is refused, and we send none', async () => {
    const client = new pg.Client({
      connectionString: pooler.through(db.urls.payment),
      statement_timeout: 2_000,
    });
    await expect(client.connect()).rejects.toMatchObject({
      code: '08P01',
      message: 'unsupported startup parameter: statement_timeout',
    });
    await checkDatabase(pools.payment);
  });

  test('every transaction has its limits of time', async () => {
    const limits = await withTransaction(pools.payment, async (tx) => {
      const { rows } = await tx.query<{ statement: string; idle: string }>(
        `select current_setting('statement_timeout') as statement,
           current_setting('idle_in_transaction_session_timeout') as idle`,
      );
      return rows;
    });
    expect(limits).toEqual([{ statement: '2s', idle: '4s' }]);
  });

  test('they are those of the transaction alone: the session that others share keeps its own', async () => {
    const { rows } = await pools.payment.query<{ statement_timeout: string }>('show statement_timeout');
    const { rows: direct } = await db.pools.payment.query('show statement_timeout');
    expect(rows).toEqual(direct);
  });

  test('20 orders at once complete', async () => {
    const run = effectsAlone({ pools });
    const orders = await Promise.all(Array.from({ length: 20 }, () => run(placementOf('alice', 'mouse'))));
    const { rows } = await db.owner.query(
      `select status, count(*)::int as orders from orders.orders where order_id = any ($1) group by status`,
      [orders],
    );
    expect(rows).toEqual([{ status: 'COMPLETED', orders: 20 }]);
  });

  test('it is noticed, and PostgreSQL itself is not taken for one', async () => {
    expect(await leadsToSharedSessions(pools.observer)).toBe(true);
    expect(await leadsToSharedSessions(db.pools.observer)).toBe(false);
  });

  test('migrations refuse to run, and say why', async () => {
    await expect(migrate(pooler.through(db.ownerUrl), forEachLogin(loginOf))).rejects.toThrow(
      'DATABASE_URL: expected PostgreSQL itself or a pooler in session mode, found one in transaction mode',
    );
  });
});
