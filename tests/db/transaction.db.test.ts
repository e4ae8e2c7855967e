import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { OutcomeUnknown, withTransaction } from '../../core/postgres/transaction.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
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

describe('a commit', () => {
  let proxy: CuttingProxy;
  let pool: Pool;
  beforeAll(async () => {
    await db.owner.query(`
      create table public.promises (id text primary key, kept_by text references public.promises deferrable initially deferred);
      grant select, insert on public.promises to payment_service`);
    proxy = new CuttingProxy(db.urls.payment, Infinity);
    const { host } = new URL(await proxy.listen());
    pool = createPool({
      url: Object.assign(new URL(db.urls.payment), { host }).href,
      applicationName: 'a test of commits',
      maxConnections: 1,
      onError: () => undefined,
    });
  });
  afterEach(() => (proxy.losesAnswerTo = () => false));
  afterAll(async () => {
    await pool.end();
    await proxy.close();
  });

  const promise = (id: string, keptBy: string | null = null) =>
    withTransaction(pool, (connection) =>
      connection.query('insert into public.promises values ($1, $2)', [id, keptBy]),
    );
  const backend = async () =>
    (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid;
  const promised = async (id: string) =>
    (await db.owner.query('select from public.promises where id = $1', [id])).rowCount;

  test('whose answer is lost may have taken effect; nobody gets its connection again', async () => {
    const before = await backend();
    proxy.losesAnswerTo = (request) => request.includes('commit');
    await expect(promise('lost')).rejects.toBeInstanceOf(OutcomeUnknown);
    proxy.losesAnswerTo = () => false;
    expect(await promised('lost')).toBe(1);
    expect(await backend()).not.toBe(before);
  });

  test('that PostgreSQL refuses has taken no effect, and its error says so', async () => {
    const before = await backend();
    await expect(promise('broken', 'nobody')).rejects.toMatchObject({ code: '23503' });
    expect(await promised('broken')).toBe(0);
    expect(await backend()).toBe(before);
  });

  test('that was never sent, since the work failed, is no unknown outcome', async () => {
    proxy.losesAnswerTo = (request) => request.includes('insert into public.promises');
    const failed = await promise('cut').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(OutcomeUnknown);
    expect(await promised('cut')).toBe(0);
  });
});
