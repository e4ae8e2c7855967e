import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { createWorld, placementOf, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());
beforeEach(() => (world.deliver = (next) => next));

/** Drops every delivery to a service: as if it were down, without holding the time-skipping server's clock. */
const silence = (service: Service) => {
  world.deliver = (next) => (subscriber, event) =>
    subscriber === service ? Promise.resolve() : next(subscriber, event);
};

/** ms from a participant's start to its first timer's firing, by the history's own timestamps. */
async function firedAfter(service: Service, orderId: OrderId): Promise<number> {
  const events = (await world.history(service, orderId)).events ?? [];
  const timeOf = (event?: (typeof events)[number]) =>
    Number(event?.eventTime?.seconds) * 1_000 + Number(event?.eventTime?.nanos) / 1e6;
  const started = events.find((event) => event.timerStartedEventAttributes);
  const fired = events.find((event) => event.timerFiredEventAttributes);
  return timeOf(fired) - timeOf(started);
}

test('no payment answer for 5 minutes: the order is cancelled by itself, not before', async () => {
  silence('payment');
  const orderId = await world.place();
  await world.env.sleep('295s');
  expect(await world.order(orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' });
  expect(await firedAfter('order', orderId)).toBeGreaterThan(299_000);
  expect(await firedAfter('order', orderId)).toBeLessThan(301_000);
  expect(await published(world.db.owner, orderId)).toEqual(['OrderCreatedEvent', 'OrderCancelledEvent']);
});

test('the payment comes after the order gave up: nothing stays charged', async () => {
  const held: (() => Promise<void>)[] = [];
  world.deliver = (next) => (subscriber, event) => {
    if (subscriber !== 'payment') return next(subscriber, event);
    held.push(() => next(subscriber, event));
    return Promise.resolve();
  };
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  for (const deliver of held) await deliver();
  await world.finished('payment', orderId);
  expect(await shopSums(world.db.owner)).toEqual(before);
  const { rows } = await world.db.owner.query(`select status from payment.payments where order_id = $1`, [
    orderId,
  ]);
  expect(rows[0]).toMatchObject({ status: expect.stringMatching(/VOID|DECLINED/) as string });
});

test('no reservation answer for 3 minutes: refunded and cancelled, not before', async () => {
  silence('inventory');
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.env.sleep('175s');
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_COMPLETED' });
  await world.finished('payment', orderId);
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    refunded: true,
  });
  expect(await firedAfter('payment', orderId)).toBeGreaterThan(179_000);
  expect(await firedAfter('payment', orderId)).toBeLessThan(181_000);
  expect(await shopSums(world.db.owner)).toEqual(before);
});

test('a reservation after the refund is released, and nobody is told', async () => {
  const held: (() => Promise<void>)[] = [];
  world.deliver = (next) => (subscriber, event) => {
    if (subscriber === 'inventory') {
      held.push(() => next(subscriber, event));
      return Promise.resolve();
    }
    return next(subscriber, event);
  };
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  for (const deliver of held.reverse()) await deliver();
  await world.finished('inventory', orderId);
  await world.finished('notification', orderId);
  expect(await shopSums(world.db.owner)).toEqual(before);
  expect(world.mails.filter((mail) => mail.orderId === orderId)).toEqual([]);
});

test('paid and reserved, but not told for 10 minutes: nothing is undone, the order needs a person, then completes', async () => {
  const held: (() => Promise<void>)[] = [];
  world.deliver = (next) => (subscriber, event) => {
    if (subscriber !== 'notification') return next(subscriber, event);
    held.push(() => next(subscriber, event));
    return Promise.resolve();
  };
  const orderId = await world.place();
  await world.env.sleep('595s');
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', attention: [] });
  await world.env.sleep('10s');
  expect(await world.order(orderId)).toMatchObject({
    status: 'INVENTORY_RESERVED',
    attention: ['NOTIFICATION_OVERDUE'],
  });
  world.deliver = (next) => next;
  for (const deliver of held) await deliver();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [] });
});

test('an order that asks for the payment shortly before its deadline is declined', async () => {
  const held: (() => Promise<void>)[] = [];
  world.deliver = (next) => (subscriber, event) => {
    if (subscriber !== 'payment') return next(subscriber, event);
    held.push(() => next(subscriber, event));
    return Promise.resolve();
  };
  const orderId = await world.place(placementOf('alice', 'keyboard'));
  await world.env.sleep('297s');
  for (const deliver of held) await deliver();
  await world.finished('payment', orderId);
  const { rows } = await world.db.owner.query(
    `select status, reason from payment.payments where order_id = $1`,
    [orderId],
  );
  expect(rows).toEqual([{ status: 'DECLINED', reason: 'PAYMENT_TIMEOUT' }]);
});
