import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkDatabase } from '../../core/postgres/check-database.js';
import { createPool, type Connection, type Pool } from '../../core/postgres/pool.js';
import { ReadOnlyDatabase } from '../../core/postgres/sql-state.js';
import { StatementNames } from '../../core/postgres/statement-names.js';
import { OutcomeUnknown, withTransaction } from '../../core/postgres/transaction.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { makeReadOnly, makeWritable } from '../support/read-only.js';

let db: TestDatabase;
let impatient: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
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

describe('limits of time', () => {
  test('a transaction that idles until PostgreSQL ends it fails alone: the process and the pool go on', async () => {
    const idle = withTransaction(impatient, async (connection) => {
      await sleep(600);
      await connection.query('select 1');
    });
    await expect(idle).rejects.toThrow(/terminat|not queryable/i);
    const { rows } = await impatient.query('select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
  });

  test('a statement that takes too long is cancelled, and its transaction undone', async () => {
    const slow = withTransaction(impatient, async (tx) => {
      await tx.query(`update payment.wallets set balance = balance + 1 where customer_id = 'bob'`);
      await tx.query('select pg_sleep(5)');
    });
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await balanceOf('bob')).toBe(1_000);
  });
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
    proxy.losesAnswerTo = (request) => request.includes('commit\0');
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
    // Its value: the text goes over the wire once only.
    proxy.losesAnswerTo = (request) => request.includes('cut');
    const failed = await promise('cut').catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Error);
    expect(failed).not.toBeInstanceOf(OutcomeUnknown);
    expect(await promised('cut')).toBe(0);
  });
});

describe('statements with values are prepared by name', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({
      url: db.urls.payment,
      applicationName: 'a test of names',
      maxConnections: 1,
      onError: () => undefined,
    });
  });
  afterEach(async () => {
    await pool.end();
    await db.owner.query(`update payment.wallets set balance = 1000 where customer_id = 'bob'`);
  });

  const addOne = (tx: Connection) =>
    tx.query(`update payment.wallets set balance = balance + $1 where customer_id = 'bob'`, [1]);
  const prepared = async () => (await pool.query('select from pg_prepared_statements')).rowCount;

  test('once in a session, and those without values not at all', async () => {
    await withTransaction(pool, addOne);
    await withTransaction(pool, addOne);
    expect(await prepared()).toBe(1);
  });

  test('up to a bound: what makes up a text for each call does not fill the server', async () => {
    for (let made = 0; made < 300; made++) await pool.query(`select ${made} + $1::int`, [made]);
    expect(await prepared()).toBe(200);
  });

  test('no more where the session has lost them: all of the transaction is tried again', async () => {
    await withTransaction(pool, addOne);
    let tries = 0;
    await withTransaction(pool, async (tx) => {
      if (tries++ === 0) await tx.query('deallocate all');
      await addOne(tx);
    });
    expect([await balanceOf('bob'), tries]).toEqual([1_002, 2]);
    await withTransaction(pool, addOne);
    expect(await prepared()).toBe(0);
  });

  test('no more where the session has them from somebody else', async () => {
    const name = new StatementNames().nameOf('select $1::int as one');
    await pool.query(`prepare "${name}" as select 2`);
    expect((await pool.query('select $1::int as one', [1])).rows).toEqual([{ one: 1 }]);
  });

  test('no more once a migration has changed what one returns', async () => {
    await db.owner.query(
      'create table public.changing (id integer); grant select on public.changing to payment_service',
    );
    const read = (reader: Pick<Connection, 'query'>) =>
      reader.query('select * from public.changing where id = $1', [1]);
    await read(pool);
    await db.owner.query('alter table public.changing add column more text');
    expect((await read(pool)).fields.map(({ name }) => name)).toEqual(['id', 'more']);
    expect((await withTransaction(pool, read)).fields.length).toBe(2);
  });

  test('not at all in a pool that plans anew', async () => {
    const anew = createPool({
      ...{ url: db.urls.payment, applicationName: 'a test', maxConnections: 1, plansAnew: true },
      onError: () => undefined,
    });
    await anew.query('select $1::int', [1]);
    expect((await anew.query('select from pg_prepared_statements')).rowCount).toBe(0);
    await anew.end();
  });
});

describe('a conflict with another transaction', () => {
  test('two that wait for each other both succeed: the one that PostgreSQL ends is tried again', async () => {
    let tries = 0;
    const bothHold = barrier(2);
    const take = (first: string, second: string) =>
      withTransaction(db.pools.payment, async (tx) => {
        tries++;
        await takeOne(tx, first);
        await bothHold();
        await takeOne(tx, second);
      });
    await Promise.all([take('alice', 'bob'), take('bob', 'alice')]);
    expect(tries).toBe(3);
    expect([await balanceOf('alice'), await balanceOf('bob')]).toEqual([999_998, 998]);
  });

  test.each(['40001', '40P01'])('%s is tried again twice, and then told', async (state) => {
    let tries = 0;
    const fail = (times: number) =>
      withTransaction(db.pools.payment, async (tx) => {
        if (++tries <= times) await raise(tx, state);
        return 'done';
      });
    expect([await fail(2), tries]).toEqual(['done', 3]);
    tries = 0;
    await expect(fail(3)).rejects.toMatchObject({ code: state });
    expect(tries).toBe(3);
  });

  test.each(['23505', '57014', '25006', '22003'])('%s is told at once', async (state) => {
    let tries = 0;
    const failing = withTransaction(db.pools.payment, async (tx) => {
      tries++;
      await raise(tx, state);
    });
    await expect(failing).rejects.toMatchObject({ code: state });
    expect(tries).toBe(1);
  });

  test('a connection that breaks may have committed, and is told at once', async () => {
    let tries = 0;
    const broken = withTransaction(db.pools.payment, async (tx) => {
      tries++;
      await db.owner.query('select pg_terminate_backend($1)', [await processOf(tx)]);
      await tx.query('select 1');
    });
    await expect(broken).rejects.toThrow();
    expect(tries).toBe(1);
  });
});

describe('a database that takes no writes', () => {
  beforeEach(() => makeReadOnly(db));
  afterEach(() => makeWritable(db));

  test('is told from one that does, and its connections are not used again', async () => {
    await expect(checkDatabase(db.pools.inventory)).rejects.toThrow(ReadOnlyDatabase);
    const writing = withTransaction(db.pools.inventory, (tx) => tx.query('delete from inventory.stock'));
    await expect(writing).rejects.toMatchObject({ code: '25006' });
    expect(db.pools.inventory.totalCount).toBe(0);
  });
});

const takeOne = (tx: Connection, customer: string) =>
  tx.query('update payment.wallets set balance = balance - 1 where customer_id = $1', [customer]);

const raise = (tx: Connection, state: string) =>
  tx.query(`do $$ begin raise exception 'by the test' using errcode = '${state}'; end $$`);

async function balanceOf(customer: string): Promise<number | undefined> {
  const { rows } = await db.owner.query<{ balance: number }>(
    'select balance from payment.wallets where customer_id = $1',
    [customer],
  );
  return rows[0]?.balance;
}

async function processOf(tx: Connection): Promise<number | undefined> {
  const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

/** Lets nobody go on before so many have come; whoever comes later goes on at once. */
function barrier(count: number): () => Promise<void> {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let come = 0;
  return () => {
    if (++come >= count) open();
    return opened;
  };
}
