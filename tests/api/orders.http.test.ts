import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventIdOf } from '../../core/event-id.js';
import { readMessages } from '../support/feed.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { storeOrder, type StoredOrder } from '../support/shop.js';

let api: TestApi;
let orders: readonly StoredOrder[];
beforeAll(async () => {
  api = await startTestApi();
  const stored: StoredOrder[] = [];
  for (let index = 0; index < 7; index++)
    stored.push(
      await storeOrder(api.db.owner, {
        customerId: index % 2 === 0 ? 'alice' : 'bob',
        status: index < 3 ? 'COMPLETED' : 'PENDING_PAYMENT',
        // Three at the very same moment, so that the id decides.
        createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, index < 3 ? 0 : index)),
      }),
    );
  orders = stored;
});
afterAll(() => api.close());

interface Page {
  readonly orders: readonly { readonly orderId: string; readonly createdAt: string }[];
  readonly nextCursor: string | null;
}

const list = async (query: string): Promise<Page> => {
  const answer = await api.call('GET', `/orders?${query}`);
  expect(answer.status).toBe(200);
  return answer.body as Page;
};
const ids = ({ orders: shown }: Page) => shown.map(({ orderId }) => orderId);

describe('the list of orders', () => {
  test('is newest first', async () => {
    const page = await list('');
    const times = page.orders.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect([page.orders.length, page.nextCursor]).toEqual([7, null]);
  });

  test.each([1, 2, 3, 7])('in pages of %i shows each order once', async (limit) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await list(`limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.orders.length).toBeLessThanOrEqual(limit);
      seen.push(...ids(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids(await list('')));
  });

  test('by status and by customer', async () => {
    const expected = orders.filter((order) => order.status === 'COMPLETED' && order.customerId === 'alice');
    const page = await list('status=COMPLETED&customerId=alice');
    expect(ids(page).sort()).toEqual(expected.map(({ orderId }) => orderId).sort());
    expect(ids(await list('customerId=nobody'))).toEqual([]);
  });

  test('goes on after a page by the same filter', async () => {
    const filter = 'status=PENDING_PAYMENT&customerId=alice&limit=1';
    const first = await list(filter);
    const second = await list(`${filter}&cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    expect([...ids(first), ...ids(second)]).toEqual(
      ids(await list('status=PENDING_PAYMENT&customerId=alice')),
    );
    expect([ids(first).length, ids(second).length]).toEqual([1, 1]);
    expect(ids(first)).not.toEqual(ids(second));
  });
});

describe('one order', () => {
  test('shows attention, refund and telling', async () => {
    const createdAt = new Date('2026-01-01T02:03:04.567Z');
    const { orderId } = await storeOrder(api.db.owner, {
      ...{ status: 'OUT_OF_STOCK', reason: 'ORDER_CANCELLED', createdAt },
    });
    await api.db.owner.query(
      `insert into orders.attention values ($1, 'CUSTOMER_TOLD_THEN_REFUNDED', '2026-01-02T03:04:05.678Z', null)`,
      [orderId],
    );
    await api.db.owner.query(
      `update orders.orders set told_at = '2026-01-02T03:04:05Z', refunded_at = '2026-01-02T03:04:05.678Z',
         updated_at = '2026-01-03T04:05:06.789Z' where order_id = $1`,
      [orderId],
    );
    expect((await api.call('GET', `/orders/${orderId.toUpperCase()}`)).body).toMatchObject({
      reason: 'ORDER_CANCELLED',
      toldAt: '2026-01-02T03:04:05.000Z',
      refundedAt: '2026-01-02T03:04:05.678Z',
      createdAt: '2026-01-01T02:03:04.567Z',
      updatedAt: '2026-01-03T04:05:06.789Z',
      attention: [
        { code: 'CUSTOMER_TOLD_THEN_REFUNDED', since: '2026-01-02T03:04:05.678Z', clearedAt: null },
      ],
      history: [{ status: 'PENDING_PAYMENT', eventId: null }],
    });
  });

  test('shows that a service is stuck, since the first one and until the last one has come to rest', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const attention = async () =>
      ((await api.call('GET', `/orders/${orderId}`)).body as { attention: unknown }).attention;
    await api.db.owner.query(
      `insert into journal.unfinished (service, order_id, why, stuck_at, rested_at) values
         ('payment', $1, 'UNHANDLED', '2026-01-02T03:05:00Z', null),
         ('order', $1, 'DUE', '2026-01-02T03:04:00Z', '2026-01-02T03:06:00Z'),
         ('inventory', $1, 'DUE', null, null)`,
      [orderId],
    );
    const since = '2026-01-02T03:04:00.000Z';
    expect(await attention()).toEqual([{ code: 'STUCK', since, clearedAt: null }]);
    await api.db.owner.query(
      `update journal.unfinished set rested_at = '2026-01-02T03:09:00Z' where order_id = $1 and service = 'payment'`,
      [orderId],
    );
    expect(await attention()).toEqual([{ code: 'STUCK', since, clearedAt: '2026-01-02T03:09:00.000Z' }]);
  });

  test('shows its events in the journal’s order, each with who published it', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const first = eventIdOf(orderId, 'OrderCreatedEvent', null);
    const second = eventIdOf(orderId, 'PaymentFailedEvent', first);
    const insert = `insert into journal.events
      (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
      values ($1, $2, $3, 1, $4, $5, '2026-01-02T03:04:05.678Z', $6)`;
    const payload = { answerBy: 1 };
    await api.db.pools.order.query(insert, [
      first,
      orderId,
      'OrderCreatedEvent',
      randomUUID(),
      null,
      payload,
    ]);
    await api.db.pools.payment.query(insert, [
      second,
      orderId,
      'PaymentFailedEvent',
      randomUUID(),
      first,
      payload,
    ]);
    const occurredAt = '2026-01-02T03:04:05.678Z';
    expect((await api.call('GET', `/orders/${orderId}/events`)).body).toEqual({
      events: [
        {
          eventId: first,
          type: 'OrderCreatedEvent',
          version: 1,
          publisher: 'order',
          causationId: null,
          occurredAt,
          payload,
        },
        {
          eventId: second,
          type: 'PaymentFailedEvent',
          version: 1,
          publisher: 'payment',
          causationId: first,
          occurredAt,
          payload,
        },
      ],
      unreadable: 0,
      forgottenAt: null,
    });
  });

  test('shows an event of an unknown type, and counts what is no event', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    const insert = (type: string, version: number, occurredAt: string, payload: string) =>
      api.db.owner.query(
        `insert into journal.events
           (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by)
         values ($1, $2, $3, $4, $2, $1, $5, $6, 'order_service')`,
        [randomUUID(), orderId, type, version, occurredAt, payload],
      );
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    await insert('OrderLostEvent', 1, '2026-01-02T03:04:05Z', '{"at":"sea"}');
    await insert('OrderCreatedEvent', 1, '2026-01-02T03:04:05Z', '{}');
    await insert('OrderCreatedEvent', 0, '2026-01-02T03:04:05Z', '{}');
    await insert('OrderCreatedEvent', 1, 'infinity', '{}');
    for (const payload of ['[]', 'null', '"text"', nested(5_000)])
      await insert('OrderCreatedEvent', 1, '2026-01-02T03:04:05Z', payload);
    expect((await api.call('GET', `/orders/${orderId}/events`)).body).toMatchObject({
      events: [
        { type: 'OrderLostEvent', payload: { at: 'sea' } },
        { type: 'OrderCreatedEvent', payload: {} },
      ],
      unreadable: 6,
      forgottenAt: null,
    });
    for (const path of ['', '/events'])
      expect((await api.call('GET', `/orders/${orderId}${path}`)).status).toBe(200);
    expect((await api.call('GET', '/stats')).status).toBe(200);
    const told = await readMessages(api.db.pools.observer, { orderId });
    expect(told.flatMap(({ kind, data }) => (kind === 'published' ? [data['type']] : []))).toEqual([
      'OrderLostEvent',
      'OrderCreatedEvent',
    ]);
  });

  test('is not found when nobody placed it', async () => {
    for (const path of ['', '/events'])
      expect(await api.call('GET', `/orders/${randomUUID()}${path}`)).toMatchObject({
        status: 404,
        body: { type: '/problems/not-found' },
      });
  });
});
