import { randomUUID } from 'node:crypto';
import pg, { type PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BEGINNING, entryIdOf, isEntryId, positionOf } from '../../db/feed/entry-id.js';
import { canResume, newestEntry, readFeed, type FeedEntry } from '../../db/feed/entries.js';
import { followFeed } from '../../db/feed/follow-feed.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import { logins } from '../../schemas/services.js';
import { createTestDatabase, databaseUrl, type TestDatabase } from '../support/database.js';
import { readEntries } from '../support/feed.js';

let db: TestDatabase;
beforeAll(async () => void (db = await createTestDatabase()));
afterAll(() => db.close());

const open = new Set<PoolClient>();
const following: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(following.splice(0).map((end) => end()));
  for (const connection of open) {
    await connection.query('rollback');
    finish(connection);
  }
});

function finish(connection: PoolClient): void {
  open.delete(connection);
  connection.release();
}

/** A connection in a transaction that has written nothing yet, and may take its time. */
async function begin(): Promise<PoolClient> {
  const connection = await db.owner.connect();
  open.add(connection);
  await connection.query('begin');
  await connection.query('set local idle_in_transaction_session_timeout = 0');
  return connection;
}

const tell = (connection: Pick<PoolClient, 'query'>, signalName: string) =>
  connection.query(
    `insert into journal.quarantine
       (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
     values ('order', $1, 'w', $2, $3, 'SCHEMA', '', '', '', 1)`,
    [randomUUID(), randomUUID(), signalName],
  );

const nameOf = ({ data }: FeedEntry) => (data as { readonly signalName: string }).signalName;

/** What a follower receives from now on, once nothing of an earlier test is held back. */
async function follow() {
  await readEntries(db.pools.observer);
  const heard: FeedEntry[] = [];
  const troubles: unknown[] = [];
  const delays: (Date | undefined)[] = [];
  const stop = new AbortController();
  const after = await newestEntry(db.pools.observer);
  const done = followFeed(db.pools.observer, {
    after,
    onEntries: (entries) => void heard.push(...entries),
    onState: (error) => void (error !== undefined && troubles.push(error)),
    onBehind: (since) => void delays.push(since),
    signal: stop.signal,
  });
  following.push(() => {
    stop.abort();
    return done;
  });
  return { after, heard, troubles, delays, names: () => heard.map(nameOf) };
}

const soon = { timeout: 60_000, interval: 10 };
/** A follower that is not woken looks again after 15 s. */
const beforeTheNextLook = { timeout: 14_000, interval: 10 };

test('two transactions that commit in the opposite order: neither is missed, and the order stays', async () => {
  const follower = await follow();
  const [first, second] = [await begin(), await begin()];
  await tell(first, 'first');
  await tell(second, 'second');
  const after = await newestEntry(db.pools.observer);

  await second.query('commit');
  const held = await readFeed(db.pools.observer, { after, limit: 10 });
  expect(held).toMatchObject({ entries: [], hasMore: false, isHeldBack: true });
  expect(follower.names()).toEqual([]);

  await first.query('commit');
  expect((await readEntries(db.pools.observer, { after: held.through })).map(nameOf)).toEqual([
    'first',
    'second',
  ]);
  await expect.poll(follower.names, soon).toEqual(['first', 'second']);
});

test('a reader that is ahead of the horizon does not go back', async () => {
  const writer = await begin();
  await tell(writer, 'held back');
  const { rows } = await writer.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  const after = entryIdOf({ writtenBy: String(BigInt(rows[0]?.xid ?? '') + 5n), seq: 3 });
  expect(await readFeed(db.pools.observer, { after, limit: 10 })).toMatchObject({
    entries: [],
    through: after,
  });
});

test('one that began to write earlier and goes on writing: all of it comes, before what is younger', async () => {
  const follower = await follow();
  const [first, second] = [await begin(), await begin()];
  await tell(first, 'one');
  await tell(second, 'two');
  await tell(first, 'three');
  await second.query('commit');
  await first.query('commit');
  await expect.poll(follower.names, soon).toEqual(['one', 'three', 'two']);
});

test.each(['commit', 'rollback'])(
  'held back by a transaction that tells nothing: comes soon after its %s',
  async (ending) => {
    const follower = await follow();
    const silent = await begin();
    await silent.query(`insert into orders.customers values ($1, 'Somebody')`, [randomUUID()]);
    await tell(db.owner, 'held back');
    const before = await readFeed(db.pools.observer, {
      after: await newestEntry(db.pools.observer),
      limit: 10,
    });
    expect([before.isHeldBack, follower.names()]).toEqual([true, []]);
    await silent.query(ending);
    await expect.poll(follower.names, beforeTheNextLook).toEqual(['held back']);
  },
);

test.each([
  ['writes to a table that is not told of', `update payment.wallets set balance = balance`],
  ['locks a row', `select from orders.customers for update`],
])('one that first %s, and tells later: it is waited for, and comes in its order', async (_, statement) => {
  const follower = await follow();
  const first = await begin();
  await first.query(`insert into orders.customers values ($1, 'Somebody') on conflict do nothing`, [
    randomUUID(),
  ]);
  await first.query(statement);
  await tell(db.owner, 'second');
  const page = await readFeed(db.pools.observer, { after: await newestEntry(db.pools.observer), limit: 10 });
  expect(page).toMatchObject({ entries: [], isHeldBack: true });
  await tell(first, 'first');
  await first.query('commit');
  await expect.poll(follower.names, soon).toEqual(['first', 'second']);
});

test.each(logins)('an open transaction of %s that only took a number holds nothing back', async (login) => {
  const follower = await follow();
  const connection = await db.pools[login].connect();
  try {
    await connection.query('begin');
    await connection.query('select pg_current_xact_id()');
    await tell(db.owner, 'not held back');
    await expect.poll(follower.names, soon).toEqual(['not held back']);
    await tell(db.owner, 'nor this');
    await expect.poll(follower.names, soon).toEqual(['not held back', 'nor this']);
  } finally {
    await connection.query('rollback');
    connection.release();
  }
});

test('nor does one that writes in another database of the cluster', async () => {
  const name = `${new URL(db.ownerUrl).pathname.slice(1)}_other`;
  await db.owner.query(`create database ${name}`);
  const other = new pg.Client({ connectionString: databaseUrl(db.ownerUrl, name) });
  await other.connect();
  try {
    const follower = await follow();
    await other.query('begin');
    await other.query('create table notes (note text)');
    await tell(db.owner, 'not held back');
    await expect.poll(follower.names, soon).toEqual(['not held back']);
  } finally {
    await other.end();
    await db.owner.query(`drop database ${name}`);
  }
});

test('a writer that does not end: the follower is told since when it waits, and when it goes on', async () => {
  const follower = await follow();
  const endless = await begin();
  await tell(endless, 'endless');
  const startedAt = Date.now();
  await tell(db.owner, 'held back');
  await expect.poll(() => follower.delays.length, { timeout: 20_000 }).toBe(1);
  const [since] = follower.delays;
  expect(since?.getTime()).toBeGreaterThanOrEqual(startedAt);
  expect(follower.names()).toEqual([]);
  await endless.query('commit');
  await expect.poll(follower.names, soon).toEqual(['endless', 'held back']);
  expect(follower.delays).toEqual([since, undefined]);
});

test('a transaction that only reads holds nothing back', async () => {
  const follower = await follow();
  const reader = await begin();
  await reader.query('select * from feed.entries');
  await tell(db.owner, 'not held back');
  await expect.poll(follower.names, soon).toEqual(['not held back']);
});

test('many writers at once, some of which roll back: a follower hears exactly what is there, in its order', async () => {
  const follower = await follow();
  const committed: string[] = [];
  const write = async (writer: number, round: number) => {
    const connection = await begin();
    const names = ['a', 'b', 'c'].slice(0, 1 + (round % 3)).map((line) => `${writer} ${round} ${line}`);
    for (const name of names) await tell(connection, name);
    const isTakenBack = (writer + round) % 5 === 0;
    await connection.query(isTakenBack ? 'rollback' : 'commit');
    if (!isTakenBack) committed.push(...names);
    finish(connection);
  };
  await Promise.all(
    [1, 2, 3, 4].map(async (writer) => {
      for (let round = 0; round < 25; round++) await write(writer, round);
    }),
  );
  const there = await readEntries(db.pools.observer, { after: follower.after });
  expect(there.map(nameOf).toSorted()).toEqual(committed.toSorted());
  await expect.poll(() => follower.heard.length, soon).toBe(there.length);
  expect(follower.heard).toEqual(there);
});

test('the connection is killed: the follower goes on where it was', async () => {
  const follower = await follow();
  await tell(db.owner, 'before');
  await expect.poll(follower.names, soon).toEqual(['before']);
  const { rowCount } = await db.owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where usename = 'observer_service' and datname = current_database()`,
  );
  expect(rowCount).toBeGreaterThan(0);
  await tell(db.owner, 'meanwhile');
  await expect.poll(follower.names, soon).toEqual(['before', 'meanwhile']);
  await tell(db.owner, 'after');
  await expect.poll(follower.names, soon).toEqual(['before', 'meanwhile', 'after']);
  expect(follower.troubles).toHaveLength(1);
});

test.each([1, 2, 7])('in pages of %i it is the same feed', async (limit) => {
  const { observer } = db.pools;
  for (let index = 0; index < 5; index++) await tell(db.owner, `page ${index}`);
  expect(await readEntries(observer, { limit })).toEqual(await readEntries(observer));
});

test('an id sorts as text, and says where it is', async () => {
  const ids = (await readEntries(db.pools.observer)).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every(isEntryId)).toBe(true);
  const largest = { writtenBy: '18446744073709551615', seq: 2 ** 48 - 1 };
  expect(positionOf(entryIdOf(largest))).toEqual(largest);
  for (const id of ids) expect(entryIdOf(positionOf(id))).toBe(id);
});

test('a client can resume where there is such an entry', async () => {
  const { observer } = db.pools;
  const newest = await newestEntry(observer);
  const unknown = `${newest.slice(0, -1)}${newest.endsWith('0') ? '1' : '0'}` as EntryId;
  expect(await canResume(observer, newest, undefined)).toBe(true);
  expect(await canResume(observer, BEGINNING, undefined)).toBe(true);
  expect(await canResume(observer, unknown, undefined)).toBe(false);
});

test('a stream of one order can be resumed from its beginning, whatever of others is forgotten since', async () => {
  const mark = `update retention.feed_mark set written_by = $1, seq = $2`;
  await db.owner.query(mark, ['1', 1]);
  const [ofAll, ofOne] = [undefined, randomUUID() as OrderId];
  expect(await canResume(db.pools.observer, BEGINNING, ofAll)).toBe(false);
  expect(await canResume(db.pools.observer, BEGINNING, ofOne)).toBe(true);
  await db.owner.query(mark, ['0', 0]);
});
