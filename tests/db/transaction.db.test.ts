import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
let impatient: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  impatient = createPool({
    url: db.urls.payment,
    applicationName: 'a test of transactions',
    maxConnections: 1,
    statementTimeoutMs: 100,
    onError: () => undefined,
  });
});
afterAll(async () => {
  await impatient.end();
  await db.close();
});

test('a transaction that idles until PostgreSQL ends it fails alone: the process and the pool go on', async () => {
  const idle = withTransaction(impatient, async (connection) => {
    await sleep(600);
    await connection.query('select 1');
  });
  await expect(idle).rejects.toThrow(/terminat|not queryable/i);
  const { rows } = await impatient.query('select 1 as one');
  expect(rows).toEqual([{ one: 1 }]);
});
