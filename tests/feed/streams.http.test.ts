import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import type { OrderId } from '../../schemas/ids.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { readMessages } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';
import { forgetEverything } from '../support/past.js';
import { seedReferenceData, storeOrder } from '../support/shop.js';
import { StreamClient } from '../support/stream-client.js';

const MAX_STREAMS = 4;

let api: TestApi;
let run: RunOrder;
beforeAll(async () => {
  api = await startTestApi({ feed: { heartbeatMs: 50, maxStreams: MAX_STREAMS } });
  await seedShop(api.db.owner);
  await seedReferenceData(api.db.owner);
  run = effectsAlone(api.db);
});
afterAll(() => api.close());

// Waits until nothing of an earlier test is held back: a new stream would receive it.
beforeEach(async () => void (await storyOf()));

const clients: StreamClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));

/** A stream that has begun. It ends with the test. */
async function open(path: string, lastEventId?: string): Promise<StreamClient> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const client = await StreamClient.open(api.url + path, headers);
  clients.push(client);
  expect(client.status).toBe(200);
  return client.begun();
}

const mouse = placementOf('alice', 'mouse');
const storyOf = (orderId?: OrderId) =>
  readMessages(api.db.pools.observer, orderId === undefined ? {} : { orderId });

describe('the stream of all orders', () => {
  test('begins with what nothing on the way may keep or change, and with an id', async () => {
    const { headers, text } = await open('/events');
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(text).toMatch(/^retry: 1000\nid: [\da-f]{16}-[\da-f]{12}\n\n/);
  });

  test('tells what happens from now on, and nothing of before', async () => {
    await run(mouse);
    const before = await storyOf();
    const client = await open('/events');
    const [one, other] = [await run(mouse), await run(placementOf('bob', 'mouse'))];
    const since = (await storyOf()).slice(before.length);
    expect(await client.got(since.length)).toEqual(since);
    expect(new Set(since.map(({ data }) => data['orderId']))).toEqual(new Set([one, other]));
  });

  test('has heartbeats while nothing happens', async () => {
    const client = await open('/events');
    await expect
      .poll(() => client.text.match(/^:\n\n/gm)?.length ?? 0, { timeout: 60_000 })
      .toBeGreaterThan(2);
    expect(client.messages).toEqual([]);
  });

  test('answers HEAD without a stream, and knows no other method', async () => {
    const head = await api.call('HEAD', '/events');
    expect([head.status, head.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    const post = await api.call('POST', '/events');
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the stream of one order', () => {
  test('tells its story from the beginning, goes on live, and tells of no other', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const client = await open(`/orders/${orderId.toUpperCase()}/events`);
    expect((await client.got(2)).map(({ kind }) => kind)).toEqual(['placed', 'status']);
    await run(mouse);
    await api.db.pools.order.query(
      `insert into orders.attention values ($1, 'NOTIFICATION_OVERDUE', now(), null)`,
      [orderId],
    );
    expect(await client.got(3)).toEqual(await storyOf(orderId));
  });

  test('is open for an order that is accepted and not yet stored', async () => {
    const items = [{ sku: 'mouse', quantity: 1 }];
    const placed = await api.call('POST', '/orders', { body: { customerId: 'alice', items } });
    const { orderId } = placed.body as { readonly orderId: OrderId };
    const client = await open(`/orders/${orderId}/events`);
    expect(client.messages).toEqual([]);
    await run(mouse, orderId);
    const story = await storyOf(orderId);
    expect(await client.got(story.length)).toEqual(story);
  });

  test.each([
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
    ['text/event-stream;q=0.5, application/json', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['text/event-stream, */*;q=0.1', 'text/event-stream'],
  ])('asked for as %s it is %s', async (accept, type) => {
    const { orderId } = await storeOrder(api.db.owner);
    const client = await StreamClient.open(`${api.url}/orders/${orderId}/events`, { accept });
    clients.push(client);
    expect(client.headers).toMatchObject({ 'content-type': `${type}; charset=utf-8`, vary: 'Accept' });
  });

  test.each([
    [randomUUID(), 404, '/problems/not-found'],
    ['not-an-id', 400, '/problems/malformed-request'],
  ])('of %s: %i, before any stream begins', async (orderId, status, type) => {
    const headers = { accept: 'text/event-stream' };
    const answer = await api.call('GET', `/orders/${orderId}/events`, { headers });
    expect(answer).toMatchObject({ status, body: { type } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('a client that comes back', () => {
  test('gets exactly the rest, wherever it was', async () => {
    const before = await open('/events');
    const orderId = await run(placementOf('alice', 'figurine'));
    const [story, own] = [
      (await storyOf()).slice(-1 * (await storyOf(orderId)).length),
      await storyOf(orderId),
    ];
    expect(own).toEqual(story);
    for (const [index, id] of [before.startId, ...story.map((message) => message.id)].entries())
      for (const path of ['/events', `/orders/${orderId}/events`]) {
        const client = await open(path, id);
        expect(client.startId).toBe(id);
        expect(await client.got(story.length - index)).toEqual(story.slice(index));
        client.close();
      }
  });

  test('before it has got a message misses nothing either', async () => {
    const first = await open('/events');
    first.close();
    const story = await storyOf(await run(mouse));
    const second = await open('/events', first.startId);
    expect(await second.got(story.length)).toEqual(story);
  });

  test.each(['nonsense', '0', 'ffffffffffffffff-ffffffffffff', '0000000000000001-000000000001', '⚡'])(
    'with the id %s is told to load anew, and gets what happens from now on',
    async (id) => {
      const client = await open('/events', Buffer.from(id).toString('latin1'));
      expect(client.messages).toEqual([{ id: client.startId, kind: 'reset', data: {} }]);
      const orderId = await run(mouse);
      const story = await storyOf(orderId);
      expect((await client.got(1 + story.length)).slice(1)).toEqual(story);

      const ofOrder = await open(`/orders/${orderId}/events`, Buffer.from(id).toString('latin1'));
      const [reset, ...rest] = await ofOrder.got(1 + story.length);
      expect([reset?.kind, rest]).toEqual(['reset', story]);
    },
  );

  test('is told to load anew where entries after its own are forgotten, whether its own is there or not', async () => {
    const first = await open('/events');
    const begin = first.startId;
    first.close();
    const { orderId: kept } = await storeOrder(api.db.owner);
    const ofKept = await storyOf(kept);
    const past = await run(mouse);
    const ofPast = await storyOf(past);
    const newest = ofPast.at(-1)?.id ?? '';
    await forgetEverything(api.db);

    for (const id of [begin, ...ofKept.map(({ id }) => id), ofPast[0]?.id ?? '']) {
      const client = await open('/events', id);
      expect((await client.got(1)).map(({ kind }) => kind)).toEqual(['reset']);
      client.close();
    }
    const upToDate = await open('/events', newest);
    const again = await open('/events', upToDate.startId);
    // The entries of an order are forgotten together, so nobody who follows one has missed any.
    const ofOrder = await open(`/orders/${kept}/events`, ofKept[0]?.id);
    expect(await ofOrder.got(ofKept.length - 1)).toEqual(ofKept.slice(1));
    const { orderId: next } = await storeOrder(api.db.owner);
    const since = await storyOf(next);
    for (const client of [upToDate, again]) expect(await client.got(since.length)).toEqual(since);
    expect(await storyOf(past)).toEqual([]);
  });

  test('after more than one page of the past gets all of it', async () => {
    const start = (await open('/events')).startId;
    const { orderId } = await storeOrder(api.db.owner);
    await api.db.owner.query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
       select 'order', $1, gen_random_uuid(), 'run', 'REPEAT', 1 from generate_series(1, 1234)`,
      [orderId],
    );
    const story = await storyOf(orderId);
    expect(story).toHaveLength(1_236);
    for (const path of ['/events', `/orders/${orderId}/events`])
      expect(await (await open(path, start)).got(story.length)).toEqual(story);
  });
});

test('more streams than there may be are refused, until one ends', async () => {
  const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, () => open('/events')));
  const headers = { accept: 'text/event-stream' };
  const refused = await api.call('GET', '/events', { headers });
  expect(refused).toMatchObject({ status: 503, body: { type: '/problems/too-many-streams' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await api.call('HEAD', '/events')).status).toBe(200);

  streams[0]?.close();
  await expect
    .poll(
      async () => {
        const client = await StreamClient.open(`${api.url}/events`);
        clients.push(client);
        return client.status;
      },
      { timeout: 60_000 },
    )
    .toBe(200);
});

test('one address cannot take every stream: what it is refused, another one gets', async () => {
  const few = await serve({
    ...{ pools: api.db.pools, client: api.temporal.client, temporalUiUrl: 'http://temporal.example' },
    ...{ log: createLogger('test', 'silent'), stopping: new AbortController().signal },
    feed: { maxStreams: 5, maxStreamsOfClient: 2 },
  });
  onTestFinished(() => few.close());
  const statusFrom = async (localAddress: string): Promise<number> => {
    const request = get(`${few.url}/events`, { localAddress, headers: { accept: 'text/event-stream' } });
    onTestFinished(() => void request.destroy());
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response.statusCode ?? 0;
  };
  const asked = [];
  for (const end of [2, 2, 2, 3, 3, 4, 5]) asked.push(await statusFrom(`127.0.0.${end}`));
  expect(asked).toEqual([200, 200, 503, 200, 200, 200, 503]);
});

test('those who leave while their order is looked up keep no place', async () => {
  const { orderId } = await storeOrder(api.db.owner);
  const locked = await api.db.owner.connect();
  await locked.query('begin; lock table orders.orders');
  const headers = { accept: 'text/event-stream' };
  const gone = new AbortController();
  const left = Array.from({ length: MAX_STREAMS }, () =>
    fetch(`${api.url}/orders/${orderId}/events`, { headers, signal: gone.signal }).catch(
      (error: unknown) => (error as Error).name,
    ),
  );
  const waiting = `select count(*)::int from pg_locks where not granted and relation = 'orders.orders'::regclass`;
  const isLookedUp = async () => (await api.db.owner.query<{ count: number }>(waiting)).rows[0]?.count;
  await expect.poll(isLookedUp, { timeout: 60_000 }).toBe(MAX_STREAMS);
  gone.abort();
  expect(new Set(await Promise.all(left))).toEqual(new Set(['AbortError']));
  await locked.query('commit');
  locked.release();
  await expect.poll(isLookedUp, { timeout: 60_000 }).toBe(0);
  for (let client = 0; client < MAX_STREAMS; client++) await open(`/orders/${orderId}/events`);
});

test('when the API stops, its streams end at once', async () => {
  const stop = new AbortController();
  const served = await serve({
    pools: api.db.pools,
    client: api.temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: stop.signal,
  });
  const { orderId } = await storeOrder(api.db.owner);
  const paths = ['/events', `/orders/${orderId}/events`];
  const streams = await Promise.all(paths.map((path) => StreamClient.open(served.url + path)));
  await Promise.all(streams.map((stream) => stream.begun()));
  stop.abort();
  await expect
    .poll(() => streams.every(({ isClosed }) => isClosed), { timeout: 60_000, interval: 10 })
    .toBe(true);
  await served.close();
});
