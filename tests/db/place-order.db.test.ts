import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventIdOf } from '../../core/event-id.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder } from '../../db/order/place-order.js';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { placeAt } from '../support/place.js';
import { placementOf } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const waits = { payment: 300_000, saga: 600_000 };
const newId = () => randomUUID() as OrderId;
const place = (orderId: OrderId, placement = placementOf('alice', 'mouse', 2), durations = waits) =>
  placeOrder(orderStore(db.pools.order), orderId, placement, durations);

/** All that there is of an order, as JSON. */
async function storedOf(orderId: OrderId): Promise<unknown> {
  const { rows } = await db.owner.query<{ stored: unknown }>(
    `select json_build_object(
       'orders', (select json_agg(o) from orders.orders o where order_id = $1),
       'history', (select json_agg(h) from orders.status_history h where order_id = $1),
       'events', (select json_agg(e) from journal.events e where order_id = $1)) as stored`,
    [orderId],
  );
  return rows[0]?.stored;
}

const nothing = { orders: null, history: null, events: null };

test('row, first history entry and undelivered event are stored together', async () => {
  const orderId = newId();
  const placement = placementOf('alice', 'mouse', 2);
  const order = await place(orderId, placement);
  const eventId = eventIdOf(orderId, 'OrderCreatedEvent', null);
  expect(order).toMatchObject({ status: 'PENDING_PAYMENT', placement, waitCauseId: eventId, attention: [] });
  expect(await storedOf(orderId)).toMatchObject({
    orders: [{ status: 'PENDING_PAYMENT', customer_id: 'alice', total: 50_000, wait_cause_id: eventId }],
    history: [{ position: 1, status: 'PENDING_PAYMENT', event_id: null }],
    events: [
      {
        event_id: eventId,
        type: 'OrderCreatedEvent',
        published_by: 'order_service',
        causation_id: null,
        correlation_id: placement.correlationId,
        delivered_at: null,
        payload: {
          eventId,
          customerId: 'alice',
          items: placement.items,
          total: placement.total,
          answerBy: order.paymentDue,
        },
      },
    ],
  });
});

test('an order waits by the clock of the database', async () => {
  const clock = async () =>
    (
      await db.owner.query<{ now: number }>(
        'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
      )
    ).rows[0]?.now ?? 0;
  const before = await clock();
  const { history, paymentDue, sagaDue } = await place(newId());
  const { at } = history[0];
  expect(at).toBeGreaterThan(before - 1);
  expect(at).toBeLessThanOrEqual(await clock());
  expect([paymentDue - at, sagaDue - at]).toEqual([300_000, 600_000]);
});

test('the payment wait never outlasts the saga', async () => {
  const hurried = { payment: 300_000, saga: 60_000 };
  const { history, paymentDue, sagaDue } = await place(newId(), placementOf('alice', 'mouse'), hurried);
  expect([paymentDue, sagaDue]).toEqual([history[0].at + 60_000, history[0].at + 60_000]);
});

test('an order that is there stays as it is, and is returned', async () => {
  const orderId = newId();
  const first = await place(orderId);
  const before = await storedOf(orderId);
  const second = await placeAt(db.pools.order, orderId, placementOf('bob', 'keyboard'), {
    now: first.sagaDue,
    waits,
  });
  expect(second).toEqual(first);
  expect(await storedOf(orderId)).toEqual(before);
});

test('twenty at once under one id are one order, and all are told of it', async () => {
  const orderId = newId();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => place(orderId, placementOf('alice', 'mouse'))),
  );
  expect(new Set(all.map(({ placement }) => placement.correlationId)).size).toBe(1);
  const { rowCount } = await db.owner.query('select from journal.events where order_id = $1', [orderId]);
  expect(rowCount).toBe(1);
});

test('an event that the journal refuses leaves no order behind', async () => {
  const orderId = newId();
  await db.owner.query(
    `alter table journal.events add constraint no_mice check (type <> 'OrderCreatedEvent') not valid`,
  );
  await expect(place(orderId)).rejects.toMatchObject({ constraint: 'no_mice' });
  await db.owner.query('alter table journal.events drop constraint no_mice');
  expect(await storedOf(orderId)).toEqual(nothing);
});

test.each(services.filter((service) => service !== 'order'))('%s cannot place an order', async (service) => {
  const orderId = newId();
  const placing = placeOrder(orderStore(db.pools[service]), orderId, placementOf('alice', 'mouse'), waits);
  await expect(placing).rejects.toMatchObject({ code: '42501' });
  expect(await storedOf(orderId)).toEqual(nothing);
});
