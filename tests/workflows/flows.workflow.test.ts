import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { services, type Service } from '../../schemas/services.js';
import { createWorld, placementOf, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());

const allFinished = async (orderId: OrderId, participants: readonly Service[] = services) => {
  for (const service of participants) await world.finished(service, orderId);
};

/** The design's section 8; what a further service costs comes on top. */
const allowed: Readonly<Partial<Record<Service, number>>> = {
  order: 33,
  payment: 16,
  inventory: 10,
  notification: 16,
};

test('alice buys a mouse: charged, reserved, told, completed, within the cost of an order', async () => {
  const orderId = await world.place(placementOf('alice', 'mouse'));
  await allFinished(orderId);
  expect(await world.order(orderId)).toMatchObject({
    status: 'COMPLETED',
    reason: null,
    states: ['PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED'],
    told: true,
    attention: [],
  });
  const sums = await shopSums(world.db.owner);
  expect(sums).toMatchObject({ ledgersAgree: true, balance: { alice: 975_000 }, reserved: { mouse: 1 } });
  expect(world.mails.filter((mail) => mail.orderId === orderId)).toHaveLength(1);
  const cost: Partial<Record<Service, number>> = {};
  const budgeted = services.filter((service) => service in allowed);
  for (const service of budgeted) cost[service] = (await world.history(service, orderId)).events?.length ?? 0;
  console.log('history events of a completed order:', cost);
  for (const service of budgeted) expect(cost[service]).toBeLessThanOrEqual(allowed[service] ?? 0);
  expect(Object.values(cost).reduce((sum, events) => sum + events, 0)).toBeLessThanOrEqual(72);
});

test('bob cannot pay: nothing but his order has changed', async () => {
  const before = await shopSums(world.db.owner);
  const orderId = await world.place(placementOf('bob', 'mouse'));
  await allFinished(orderId, ['order', 'payment']);
  expect(await world.order(orderId)).toMatchObject({
    status: 'PAYMENT_FAILED',
    reason: 'INSUFFICIENT_BALANCE',
    states: ['PENDING_PAYMENT', 'PAYMENT_FAILED'],
  });
  expect(await shopSums(world.db.owner)).toEqual(before);
  expect(await published(world.db.owner, orderId)).toEqual(['OrderCreatedEvent', 'PaymentFailedEvent']);
});

test('a customer without a wallet cannot pay', async () => {
  const orderId = await world.place(placementOf('nobody', 'mouse'));
  await allFinished(orderId, ['order', 'payment']);
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'NO_WALLET' });
});

test('the figurine is sold out: charged and refunded to the won', async () => {
  const before = await shopSums(world.db.owner);
  const orderId = await world.place(placementOf('alice', 'figurine'));
  await allFinished(orderId, ['order', 'payment', 'inventory']);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    reason: 'OUT_OF_STOCK',
    states: ['PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'OUT_OF_STOCK'],
    refunded: true,
    told: false,
  });
  expect(await shopSums(world.db.owner)).toEqual(before);
  expect(await published(world.db.owner, orderId)).toEqual([
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservationFailedEvent',
    'PaymentCancelledEvent',
  ]);
});

test('every delivery comes twice: charged once, reserved once, told once', async () => {
  world.deliver = (next) => async (subscriber, event) => {
    await next(subscriber, event);
    await next(subscriber, event);
  };
  const before = await shopSums(world.db.owner);
  const orderId = await world.place(placementOf('alice', 'mouse'));
  await allFinished(orderId);
  world.deliver = (next) => next;
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [] });
  const after = await shopSums(world.db.owner);
  expect(after).toMatchObject({
    ledgersAgree: true,
    balance: { alice: Number(before.balance['alice']) - 25_000 },
  });
  expect(world.mails.filter((mail) => mail.orderId === orderId)).toHaveLength(1);
  const { rowCount } = await world.db.owner.query(`select 1 from journal.drops where order_id = $1`, [
    orderId,
  ]);
  expect(rowCount).toBeGreaterThan(0);
});
