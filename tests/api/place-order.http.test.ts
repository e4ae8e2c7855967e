import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from '../../core/postgres/pool.js';
import { createLogger } from '../../platform/logger.js';
import { freePort } from '../../platform/ports.js';
import type { OrderId } from '../../schemas/ids.js';
import { serve, startTestApi, type Answer, type TestApi } from '../support/api.js';
import { addHistory, seedReferenceData, setStatus } from '../support/shop.js';
import { untilItWorks } from '../support/until.js';

let api: TestApi;
/** How often the API has asked the database as Order so far. */
let questions = 0;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
  api.db.pools.order.on('acquire', () => questions++);
});
afterAll(() => api.close());

interface ShownOrder {
  readonly customerId: string;
  readonly orderId: OrderId;
  readonly status: string;
  readonly createdAt: string;
}

const body = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 2 }] };
const place = (headers: Record<string, string> = {}, order: unknown = body): Promise<Answer> =>
  api.call('POST', '/orders', { body: order, headers });
const shown = (answer: Answer): ShownOrder => answer.body as ShownOrder;
const handleOf = (orderId: string) => api.temporal.client.workflow.getHandle(`order-${orderId}`);
const newKey = () => ({ 'idempotency-key': randomUUID() });

/** Places an order and has it started: a machine under load may confirm the start too late, and a repeat makes up for it. */
async function placeStarted(headers: Record<string, string>): Promise<OrderId> {
  const { orderId } = shown(await place(headers));
  await untilItWorks(async () => {
    await place(headers);
    await handleOf(orderId).describe();
  });
  return orderId;
}

describe('an order is stored when it is accepted', () => {
  test('it is shown as pending, with the server’s prices and its first history entry', async () => {
    const answer = await place();
    const { orderId, createdAt } = shown(answer);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/orders/${orderId}`);
    expect(answer.headers.get('preference-applied')).toBeNull();
    expect(answer.headers.get('vary')).toContain('Prefer');
    expect(answer.body).toEqual({
      orderId,
      customerId: 'alice',
      items: [{ sku: 'mouse', quantity: 2, unitPrice: { amount: 25_000, currency: 'KRW' } }],
      total: { amount: 50_000, currency: 'KRW' },
      status: 'PENDING_PAYMENT',
      reason: null,
      attention: [],
      toldAt: null,
      refundedAt: null,
      createdAt,
      updatedAt: createdAt,
      history: [{ status: 'PENDING_PAYMENT', at: createdAt, eventId: null }],
      links: {
        self: `/orders/${orderId}`,
        events: `/orders/${orderId}/events`,
        temporal: `http://temporal.example/namespaces/${api.temporal.namespace}/workflows?query=OrderId%3D%22${orderId}%22`,
      },
    });
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await api.call('GET', `/orders/${orderId}`)).body).toEqual(answer.body);
  });

  test('its event is there as well, of the request that placed it, and waits as long as the order does', async () => {
    const answer = await place();
    const { orderId, createdAt } = shown(answer);
    expect((await api.call('GET', `/orders/${orderId}/events`)).body).toMatchObject({
      events: [
        {
          type: 'OrderCreatedEvent',
          publisher: 'order',
          causationId: null,
          occurredAt: createdAt,
          payload: {
            correlationId: answer.headers.get('x-request-id'),
            total: { amount: 50_000, currency: 'KRW' },
            answerBy: Date.parse(createdAt) + 300_000,
          },
        },
      ],
    });
  });

  test('its participant is started with the id alone, and has the queue and attributes that everybody counts on', async () => {
    const orderId = await placeStarted(newKey());
    const run = await handleOf(orderId).describe();
    expect(run).toMatchObject({ type: 'order', taskQueue: 'order', workflowId: `order-${orderId}` });
    expect(await run.staticSummary()).toBe(`order of order ${orderId}`);
    expect(run.memo ?? {}).toEqual({});
    const attributes = Object.fromEntries(
      run.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({ OrderId: orderId, OrderSagaStatus: 'PENDING_PAYMENT' });
    const { events } = await handleOf(orderId).fetchHistory();
    const { payloads } = events?.[0]?.workflowExecutionStartedEventAttributes?.input ?? {};
    expect(payloads?.map(({ data }) => Buffer.from(data ?? []).toString())).toEqual([`"${orderId}"`]);
  });

  test('a repeat without a key is another order', async () => {
    const [one, other] = await Promise.all([place(), place()]);
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(shown(one).orderId).not.toBe(shown(other).orderId);
  });

  test('what was asked for is kept as a digest where a key has to stand for it, and only there', async () => {
    const digestOf = async (headers: Record<string, string>) => {
      const { orderId } = shown(await place(headers));
      const { rows } = await api.db.owner.query<{ request_digest: string | null }>(
        'select request_digest from orders.orders where order_id = $1',
        [orderId],
      );
      return rows[0]?.request_digest;
    };
    expect(await digestOf(newKey())).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf({})).toBeNull();
  });

  test('a repeat with the key while the first runs is the same order, another body is refused', async () => {
    const headers = newKey();
    const first = await place(headers);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const repeat = await place(headers);
    expect(repeat).toMatchObject({ status: 201, body: first.body });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const other = await place(headers, { customerId: 'alice', items: [{ sku: 'mouse', quantity: 3 }] });
    expect(other).toMatchObject({ status: 422, body: { type: '/problems/idempotency-key-reused' } });
  });

  test('two at once under one key are one order, of which one is a replay', async () => {
    const headers = newKey();
    const both = await Promise.all([place(headers), place(headers)]);
    expect(new Set(both.map((answer) => shown(answer).orderId)).size).toBe(1);
    const replayed = both.map((answer) => answer.headers.get('idempotent-replayed'));
    expect(replayed.sort()).toEqual([null, 'true']);
  });

  test('the key is the customer’s own', async () => {
    const headers = newKey();
    const [alices, bobs] = await Promise.all([
      place(headers),
      place(headers, { ...body, customerId: 'bob' }),
    ]);
    expect([alices.status, bobs.status]).toEqual([201, 201]);
    expect([shown(alices), shown(bobs)]).toMatchObject([{ customerId: 'alice' }, { customerId: 'bob' }]);
    expect(shown(alices).orderId).not.toBe(shown(bobs).orderId);
    const headersOf = [alices, bobs].map((answer) => answer.headers.get('idempotent-replayed'));
    expect(headersOf).toEqual([null, null]);
  });

  test('a run that an unknown signal has started is used', async () => {
    const headers = newKey();
    const orderId = await placeStarted(headers);
    await handleOf(orderId).terminate();
    const junk = await api.temporal.client.workflow.start('order', {
      workflowId: `order-${orderId}`,
      taskQueue: 'order',
      args: [orderId],
    });
    expect(await place(headers)).toMatchObject({ status: 201, body: { orderId } });
    expect((await handleOf(orderId).describe()).runId).toBe(junk.firstExecutionRunId);
  });

  test('a repeat starts the participant again where somebody has ended it', async () => {
    const headers = newKey();
    const orderId = await placeStarted(headers);
    await handleOf(orderId).terminate();
    await untilItWorks(async () => {
      await place(headers);
      expect((await handleOf(orderId).describe()).status.name).toBe('RUNNING');
    });
  });

  test('a repeat after the order is final starts nothing', async () => {
    const headers = newKey();
    const orderId = await placeStarted(headers);
    await setStatus(api.db.owner, orderId, 'COMPLETED');
    await handleOf(orderId).terminate();
    expect(await place(headers)).toMatchObject({ status: 201, body: { orderId, status: 'COMPLETED' } });
    expect((await handleOf(orderId).describe()).status.name).toBe('TERMINATED');
  });

  test('a repeat finds the stored order even when the product has another price now', async () => {
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    await api.call('PUT', '/products/mouse', {
      body: { name: 'Mouse', price: { amount: 26_000, currency: 'KRW' } },
    });
    const repeat = await place(headers);
    await api.call('PUT', '/products/mouse', {
      body: { name: 'Mouse', price: { amount: 25_000, currency: 'KRW' } },
    });
    expect(repeat).toMatchObject({ status: 201, body: { orderId, total: { amount: 50_000 } } });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const other = await place(headers, { customerId: 'alice', items: [{ sku: 'unknown', quantity: 1 }] });
    expect(other).toMatchObject({ status: 422, body: { type: '/problems/idempotency-key-reused' } });
  });

  test('what has no price is refused, and the key stays free for another try', async () => {
    const headers = newKey();
    const refused = await place(headers, { customerId: 'alice', items: [{ sku: 'sun', quantity: 1 }] });
    expect(refused).toMatchObject({ status: 422, body: { type: '/problems/unknown-product' } });
    const second = await place(headers);
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
  });

  test('the order of the items means nothing to the key', async () => {
    const headers = newKey();
    const items = [
      { sku: 'mouse', quantity: 1 },
      { sku: 'keyboard', quantity: 2 },
    ];
    const first = await place(headers, { customerId: 'alice', items });
    const turned = await place(headers, { customerId: 'alice', items: items.toReversed() });
    expect(turned).toMatchObject({ status: 201, body: { orderId: shown(first).orderId } });
  });
});

describe('Prefer: wait', () => {
  /** The server processes of those who listen for final orders. */
  const listeners = async () => {
    const { rows } = await api.db.owner.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and state = 'idle' and query = 'listen final_orders'`,
    );
    return rows.map(({ pid }) => pid);
  };
  const untilListening = () => expect.poll(listeners, { timeout: 20_000 }).toHaveLength(1);
  const complete = async (orderId: OrderId, eventId: string = randomUUID()) => {
    await addHistory(api.db.owner, orderId, 2, 'COMPLETED', new Date(), eventId);
    await setStatus(api.db.owner, orderId, 'COMPLETED');
  };

  test('holds the answer until the order is final', async () => {
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    let isAnswered = false;
    const waiting = place({ ...headers, prefer: 'respond-async, wait=20' });
    void waiting.then(() => (isAnswered = true));
    await untilListening();
    expect(isAnswered).toBe(false);
    const eventId = randomUUID();
    await complete(orderId, eventId);
    const answer = await waiting;
    expect(answer.headers.get('preference-applied')).toBe('wait=20');
    expect(answer.body).toMatchObject({
      status: 'COMPLETED',
      history: [
        { status: 'PENDING_PAYMENT', eventId: null },
        { status: 'COMPLETED', eventId },
      ],
    });
  });

  test('asks when it begins to listen and when it ends, and not in between', async () => {
    const before = questions;
    expect(shown(await place({ prefer: 'wait=2' }))).toMatchObject({ status: 'PENDING_PAYMENT' });
    const placing = 2;
    expect(questions - before).toBeLessThanOrEqual(placing + 2);
  });

  test('goes on when the connection that listens breaks', async () => {
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    const waiting = place({ ...headers, prefer: 'wait=30' });
    await untilListening();
    const [listener] = await listeners();
    await api.db.owner.query('select pg_terminate_backend($1)', [listener]);
    await complete(orderId);
    expect(shown(await waiting)).toMatchObject({ orderId, status: 'COMPLETED' });
  });

  test('looks now and then where it cannot listen', async () => {
    const observer = createPool({
      url: `postgres://nobody@127.0.0.1:${await freePort()}/nowhere`,
      applicationName: 'a test that cannot listen',
      onError: () => undefined,
    });
    const deaf = await serve({
      pools: { ...api.db.pools, observer },
      client: api.temporal.client,
      temporalUiUrl: 'http://temporal.example',
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    const before = questions;
    const waiting = deaf.call('POST', '/orders', { body, headers: { ...headers, prefer: 'wait=30' } });
    await expect.poll(() => questions, { timeout: 20_000 }).toBeGreaterThan(before + 3);
    await complete(orderId);
    expect(shown(await waiting)).toMatchObject({ orderId, status: 'COMPLETED' });
    await deaf.close();
    await observer.end();
  });

  test('asks the database no more than once where there is nothing to wait for', async () => {
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    const questionsFor = async (more: Record<string, string>) => {
      const before = questions;
      await place({ ...headers, ...more });
      return questions - before;
    };
    expect(await questionsFor({})).toBe(1);
    await setStatus(api.db.owner, orderId, 'COMPLETED');
    expect(await questionsFor({ prefer: 'wait=20' })).toBe(1);
  });

  test('gives up after its seconds, and is clamped to 30', async () => {
    const headers = newKey();
    const { orderId } = shown(await place(headers));
    const answer = await place({ ...headers, prefer: 'wait=1' });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    expect(answer).toMatchObject({ status: 201, body: { status: 'PENDING_PAYMENT' } });
    await setStatus(api.db.owner, orderId, 'COMPLETED');
    const clamped = await place({ ...headers, prefer: 'wait=3600' });
    expect(clamped.headers.get('preference-applied')).toBe('wait=30');
  });

  test('ends when the client leaves, and nobody listens any more', async () => {
    const leave = new AbortController();
    const headers = { prefer: 'wait=30' };
    const waiting = api.call('POST', '/orders', { body, headers, signal: leave.signal });
    const left = expect(waiting).rejects.toThrow();
    await untilListening();
    leave.abort();
    await left;
    await expect.poll(listeners, { timeout: 20_000 }).toEqual([]);
  });
});

test('the document says how many items an order has, and shows how to wait for its end', async () => {
  const document = (await api.call('GET', '/openapi.json')).body as {
    readonly paths: Readonly<Record<string, { readonly post?: object }>>;
  };
  const { post } = document.paths['/orders'] ?? {};
  const json = { schema: { properties: { items: { minItems: 1, maxItems: 100 } } } };
  expect(post).toMatchObject({
    parameters: [
      { name: 'Idempotency-Key' },
      { name: 'Prefer', schema: { type: 'string', examples: ['wait=1'] } },
    ],
    requestBody: { content: { 'application/json': json } },
  });
});
