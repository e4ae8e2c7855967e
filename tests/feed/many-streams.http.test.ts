import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { readMessages, type Received } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';
import { storeOrder } from '../support/shop.js';
import { StreamClient } from '../support/stream-client.js';

const lines: string[] = [];
let api: TestApi;
let run: RunOrder;
beforeAll(async () => {
  api = await startTestApi({
    feed: { maxBufferedBytes: 65_536 },
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  });
  await seedShop(api.db.owner);
  run = effectsAlone(api.db);
});
afterAll(() => api.close());

const clients: StreamClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

async function open(path: string, lastEventId?: string): Promise<StreamClient> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const client = await StreamClient.open(api.url + path, headers);
  clients.push(client);
  return client.begun();
}

const openMany = (count: number, path = '/events') =>
  Promise.all(Array.from({ length: count }, () => open(path)));

/** Runs this many orders, a few at a time; some fail and some are refunded. */
async function burst(count: number): Promise<void> {
  const mix = [
    placementOf('alice', 'mouse'),
    placementOf('bob', 'mouse'),
    placementOf('alice', 'figurine'),
    placementOf('alice', 'keyboard'),
  ];
  await Promise.all(
    mix.map(async (placement) => {
      for (let order = 0; order < count / mix.length; order++) await run(placement);
    }),
  );
}

/** Everything sent since a stream began. */
const toldSince = ({ startId }: StreamClient): Promise<readonly Received[]> =>
  readMessages(api.db.pools.observer, { after: startId as EntryId });

async function expectAllToGet(streams: readonly StreamClient[], told: readonly Received[]): Promise<void> {
  const last = told.at(-1)?.id;
  for (const stream of streams) {
    // The id of a long message arrives before its end does.
    const isComplete = () => stream.text.includes(`id: ${last}\n`) && stream.text.endsWith('\n\n');
    await expect.poll(isComplete, { timeout: 60_000, interval: 20 }).toBe(true);
    expect(stream.messages).toEqual(told);
  }
}

const watchers = () =>
  api.db.owner.query<{ pid: number }>(
    `select pid from pg_stat_activity where usename = 'observer_service' and datname = current_database()
       and application_name = 'test of observer'`,
  );

test('50 streams while 20 orders are taken through: none misses anything or gets anything twice', async () => {
  const streams = await openMany(50);
  await burst(20);
  const [first] = streams;
  if (!first) throw new Error('no stream');
  const told = await toldSince(first);
  expect(told.length).toBeGreaterThan(200);
  await expectAllToGet(streams, told);
});

test('streams that come and go and come back in the middle of it miss nothing either', async () => {
  const [steady] = await openMany(1);
  if (!steady) throw new Error('no stream');
  let isOver = false;
  const restless = Array.from({ length: 8 }, async (_, index) => {
    const got: Received[] = [];
    for (let lastId = steady.startId; ; lastId = got.at(-1)?.id ?? lastId) {
      const isLastVisit = isOver;
      const stream = await open('/events', lastId);
      const enough = 1 + ((index + got.length) % 9);
      const told = isLastVisit ? await toldSince(steady) : [];
      const isSatisfied = () =>
        isLastVisit
          ? got.length + stream.messages.length >= told.length
          : isOver || stream.messages.length >= enough;
      await expect.poll(isSatisfied, { timeout: 60_000, interval: 3 }).toBe(true);
      got.push(...stream.messages);
      stream.close();
      if (isLastVisit) return got;
    }
  });
  await burst(20);
  isOver = true;
  const told = await toldSince(steady);
  for (const got of await Promise.all(restless)) expect(got).toEqual(told);
  await expectAllToGet([steady], told);
});

test('streams of single orders, opened in the middle of their stories, tell all of them once', async () => {
  const orders = await Promise.all(Array.from({ length: 6 }, () => storeOrder(api.db.owner)));
  const drop = (orderId: OrderId, seen: number) =>
    api.db.owner.query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
       values ('order', $1, $1, $2, 'REPEAT', 1)`,
      [orderId, String(seen)],
    );
  const streams = await Promise.all(
    orders.map(async ({ orderId }, index) => {
      const dropped = Array.from({ length: 40 }, (_, seen) => () => drop(orderId, seen));
      for (const next of dropped.splice(0, 5 * index)) await next();
      const stream = await open(`/orders/${orderId}/events`);
      for (const next of dropped) await next();
      return { orderId, stream };
    }),
  );
  for (const { orderId, stream } of streams)
    await expectAllToGet([stream], await readMessages(api.db.pools.observer, { orderId }));
});

test('the database cuts every connection again and again: the streams stay open and catch up', async () => {
  const streams = await openMany(5);
  const [first] = streams;
  if (!first) throw new Error('no stream');
  let isOver = false;
  const cutting = (async () => {
    let cuts = 0;
    while (!isOver) {
      const { rows } = await watchers();
      for (const { pid } of rows) await api.db.owner.query(`select pg_terminate_backend($1)`, [pid]);
      cuts += rows.length;
    }
    return cuts;
  })();
  await burst(12);
  isOver = true;
  expect(await cutting).toBeGreaterThan(1);
  await expectAllToGet(streams, await toldSince(first));
  expect(streams.some(({ isClosed }) => isClosed)).toBe(false);
});

/** Connections in use: those that listen, as long as no stream is catching up. */
const listening = (): number => api.db.pools.observer.totalCount - api.db.pools.observer.idleCount;

test('one connection listens for all streams, and none where there is no stream', async () => {
  await expect.poll(listening, { timeout: 60_000 }).toBe(0);
  const streams = await openMany(10);
  await expect.poll(listening, { timeout: 60_000 }).toBe(1);
  for (const stream of streams) stream.close();
  await expect.poll(listening, { timeout: 60_000 }).toBe(0);
});

/** Messages of 100 kB each by default, in statements small enough for a busy machine. */
async function tellAtLength(count: number, bytes = 100_000): Promise<void> {
  for (let left = count; left > 0; left -= 20)
    await api.db.owner.query(
      `insert into journal.quarantine
         (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
       select 'order', gen_random_uuid(), 'w', gen_random_uuid(), repeat('x', $2), 'UNKNOWN_EVENT', '', '', '', 1
       from generate_series(1, $1)`,
      [Math.min(left, 20), bytes],
    );
}

test('a long past comes no faster than it is read, so that nobody is cut off for it', async () => {
  const start = await open('/events');
  start.close();
  await tellAtLength(700, 20_000);
  const late = await open('/events', start.startId);
  late.pause();
  const told = await toldSince(start);
  late.resume();
  await expectAllToGet([late], told);
});

test.each([100, 2_500])(
  'a reader that takes its time over the past gets all of it, and the %i messages that have come meanwhile',
  async (count) => {
    const { orderId } = await storeOrder(api.db.owner);
    // Keeps the API watching, and receives none of what follows.
    await open(`/orders/${orderId}/events`);
    const start = await open('/events');
    start.close();
    await tellAtLength(180);
    const slow = await open('/events', start.startId);
    slow.pause();
    await api.db.owner.query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
     select 'order', gen_random_uuid(), gen_random_uuid(), 'run', 'REPEAT', 1 from generate_series(1, $1)`,
      [count],
    );
    const told = await toldSince(start);
    expect(slow.messages.length).toBeLessThan(180);
    slow.resume();
    await expectAllToGet([slow], told);
  },
);

test('a reader that asks for the past and then takes nothing of it is cut off', async () => {
  const written: string[] = [];
  const served = await serve({
    pools: api.db.pools,
    client: api.temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: pino({ level: 'info' }, { write: (line: string) => void written.push(line) }),
    stopping: new AbortController().signal,
    feed: { maxStallMs: 300 },
  });
  const start = await open('/events');
  await tellAtLength(180);
  const stalled = await StreamClient.open(`${served.url}/events`, { 'last-event-id': start.startId });
  stalled.pause();
  const isCutOff = () => written.some((line) => line.includes('the client reads too slowly'));
  await expect.poll(isCutOff, { timeout: 60_000 }).toBe(true);
  stalled.close();
  await served.close();
});

test('a reader that does not read is cut off, the others notice nothing, and it can come back for the rest', async () => {
  const [slow, ...others] = await openMany(4);
  if (!slow) throw new Error('no stream');
  slow.pause();
  const isCutOff = () => lines.some((line) => line.includes('the client reads too slowly'));
  // On a busy machine a client of another test may have been.
  lines.length = 0;
  for (let round = 1; !isCutOff(); round++) {
    expect(round).toBeLessThan(1_000);
    await tellAtLength(1);
    const keepUp = () => others.every(({ text }) => text.length > round * 100_000);
    await expect.poll(keepUp, { timeout: 60_000, interval: 3 }).toBe(true);
  }
  const told = await toldSince(slow);
  await expectAllToGet(others, told);

  slow.resume();
  await expect.poll(() => slow.isClosed, { timeout: 60_000 }).toBe(true);
  const had = slow.messages;
  expect(had.length).toBeLessThan(told.length);
  expect(had).toEqual(told.slice(0, had.length));
  const back = await open('/events', had.at(-1)?.id ?? slow.startId);
  await expectAllToGet([back], told.slice(had.length));
});
