import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { PLACEMENT_MEMO, type Placement } from '../../schemas/placement.js';
import { startTestApi, type Answer, type TestApi } from '../support/api.js';
import { addHistory, seedReferenceData, setStatus, storeOrder } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
});
afterAll(() => api.close());

interface ShownOrder {
  readonly orderId: OrderId;
  readonly status: string;
  readonly createdAt: string;
}

const body = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 2 }] };
const place = (headers: Record<string, string> = {}, order: unknown = body): Promise<Answer> =>
  api.call('POST', '/orders', { body: order, headers });
const shown = (answer: Answer): ShownOrder => answer.body as ShownOrder;
const describeRun = (orderId: string) =>
  api.temporal.client.workflow.getHandle(`order-${orderId}`).describe();

/** Stores the placed order as the Order worker does; undefined before the run exists. */
async function storePlaced(orderId: OrderId): Promise<Placement> {
  const { memo } = await describeRun(orderId);
  const placement = memo?.[PLACEMENT_MEMO] as Placement;
  const { correlationId, requestDigest } = placement;
  await storeOrder(api.db.owner, { orderId, correlationId, requestDigest });
  return placement;
}

describe('without a worker', () => {
  test('after 2 s the order is shown as pending, with the server’s prices and no history', async () => {
    const startedAt = Date.now();
    const answer = await place();
    const elapsed = Date.now() - startedAt;
    expect(elapsed).toBeGreaterThan(1_900);
    expect(elapsed).toBeLessThan(20_000);
    const { orderId, createdAt } = shown(answer);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/orders/${orderId}`);
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
      history: [],
      links: {
        self: `/orders/${orderId}`,
        events: `/orders/${orderId}/events`,
        temporal: `http://temporal.example/namespaces/${api.temporal.namespace}/workflows?query=OrderId%3D%22${orderId}%22`,
      },
    });
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await api.call('GET', `/orders/${orderId}`)).body).toEqual(answer.body);
    expect((await api.call('GET', `/orders/${orderId}/events`)).body).toEqual({ events: [] });
  });

  test('its participant has the id, queue, memo and search attributes that everybody counts on', async () => {
    const answer = await place();
    const { orderId } = shown(answer);
    const run = await describeRun(orderId);
    expect(run).toMatchObject({ type: 'order', taskQueue: 'order', workflowId: `order-${orderId}` });
    expect(run.memo?.[PLACEMENT_MEMO]).toMatchObject({
      customerId: 'alice',
      correlationId: answer.headers.get('x-request-id'),
      requestDigest: null,
    });
    const attributes = Object.fromEntries(
      run.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({ OrderId: orderId, OrderSagaStatus: 'PENDING_PAYMENT' });
  });

  test('a repeat without a key is another order', async () => {
    const [one, other] = await Promise.all([place(), place()]);
    expect(shown(one).orderId).not.toBe(shown(other).orderId);
  });

  test('a repeat with the key while the first runs is the same order, another body is refused', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await place(headers);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const repeat = await place(headers);
    expect(repeat).toMatchObject({ status: 201, body: first.body });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const other = await place(headers, { customerId: 'alice', items: [{ sku: 'mouse', quantity: 3 }] });
    expect(other).toMatchObject({ status: 422, body: { type: '/problems/idempotency-key-reused' } });
  });

  test('two at once under one key are one order, of which one is a replay', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const both = await Promise.all([place(headers), place(headers)]);
    expect(new Set(both.map((answer) => shown(answer).orderId)).size).toBe(1);
    const replayed = both.map((answer) => answer.headers.get('idempotent-replayed'));
    expect(replayed.sort()).toEqual([null, 'true']);
  });

  test('the key is the customer’s own', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const [alices, bobs] = await Promise.all([
      place(headers),
      place(headers, { ...body, customerId: 'bob' }),
    ]);
    expect(shown(alices).orderId).not.toBe(shown(bobs).orderId);
  });

  test('a run that a unknown signal started swallows the start: 503, and the retry places it', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const probe = await place(headers);
    const { orderId } = shown(probe);
    await api.temporal.client.workflow.getHandle(`order-${orderId}`).terminate();
    const unknown = await api.temporal.client.workflow.start('order', {
      workflowId: `order-${orderId}`,
      taskQueue: 'order',
      args: [orderId],
    });
    const swallowed = await place(headers);
    expect(swallowed).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(swallowed.headers.get('retry-after')).toBe('1');
    await unknown.terminate();
    expect(await place(headers)).toMatchObject({ status: 201, body: { orderId } });
  });
});

describe('with the row', () => {
  test('a repeat finds the stored order even when the product has another price now', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { orderId } = shown(await place(headers));
    await storePlaced(orderId);
    await api.call('PUT', '/products/mouse', {
      body: { name: 'Mouse', price: { amount: 26_000, currency: 'KRW' } },
    });
    const repeat = await place(headers);
    await api.call('PUT', '/products/mouse', {
      body: { name: 'Mouse', price: { amount: 25_000, currency: 'KRW' } },
    });
    expect(repeat).toMatchObject({ status: 201, body: { orderId, total: { amount: 25_000 } } });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    const other = await place(headers, { customerId: 'alice', items: [{ sku: 'unknown', quantity: 1 }] });
    expect(other).toMatchObject({ status: 422, body: { type: '/problems/idempotency-key-reused' } });
  });

  test('the order of the items means nothing to the key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const items = [
      { sku: 'mouse', quantity: 1 },
      { sku: 'keyboard', quantity: 2 },
    ];
    const first = await place(headers, { customerId: 'alice', items });
    const turned = await place(headers, { customerId: 'alice', items: items.toReversed() });
    expect(turned).toMatchObject({ status: 201, body: { orderId: shown(first).orderId } });
  });

  test('Prefer: wait holds the answer until the order is final', async () => {
    const headers = { 'idempotency-key': randomUUID(), prefer: 'respond-async, wait=20' };
    const { orderId } = shown(await place({ 'idempotency-key': headers['idempotency-key'] }));
    await storePlaced(orderId);
    const waiting = place(headers);
    expect(await Promise.race([waiting.then(() => 'answered'), sleep(500, 'held back')])).toBe('held back');
    const eventId = randomUUID();
    await addHistory(api.db.owner, orderId, 2, 'COMPLETED', new Date(), eventId);
    await setStatus(api.db.owner, orderId, 'COMPLETED');
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

  test('Prefer: wait gives up after its seconds, and is clamped to 30', async () => {
    const { orderId } = shown(await place({ 'idempotency-key': 'clamped' }));
    await storePlaced(orderId);
    const startedAt = Date.now();
    const answer = await place({ 'idempotency-key': 'clamped', prefer: 'wait=1' });
    expect(Date.now() - startedAt).toBeGreaterThan(900);
    expect(answer).toMatchObject({ status: 201, body: { status: 'PENDING_PAYMENT' } });
    await setStatus(api.db.owner, orderId, 'COMPLETED');
    const clamped = await place({ 'idempotency-key': 'clamped', prefer: 'wait=3600' });
    expect(clamped.headers.get('preference-applied')).toBe('wait=30');
  });

  test('a client that leaves ends the waiting', async () => {
    const { orderId } = shown(await place({ 'idempotency-key': 'leaving' }));
    await storePlaced(orderId);
    const countLooks = async () => {
      const { rows } = await api.db.owner.query<{ calls: number }>(
        `select xact_commit as calls from pg_stat_database where datname = current_database()`,
      );
      return rows[0]?.calls ?? 0;
    };
    const leave = new AbortController();
    const waiting = api.call('POST', '/orders', {
      body,
      headers: { 'idempotency-key': 'leaving', prefer: 'wait=30' },
      signal: leave.signal,
    });
    await sleep(300);
    leave.abort();
    await expect(waiting).rejects.toThrow();
    // Statistics are sent at most once a second.
    await sleep(1_500);
    const before = await countLooks();
    await sleep(2_500);
    expect((await countLooks()) - before).toBeLessThan(20);
  });
});
