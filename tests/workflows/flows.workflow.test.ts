import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CorrelationId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { ORDER_ID_ATTRIBUTE, services, type Service } from '../../schemas/services.js';
import { createWorld, placementOf, severalPieces, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());

const ORDER_ID = defineSearchAttributeKey(ORDER_ID_ATTRIBUTE, SearchAttributeType.KEYWORD);

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
  expect(Object.values(cost).reduce((sum, events) => sum + events, 0)).toBeLessThanOrEqual(70);
});

/** What the Web UI shows beside the activities, whether local or not, in their order. */
async function summariesOf(service: Service, orderId: OrderId): Promise<readonly unknown[]> {
  const { events = [] } = await world.history(service, orderId);
  const activities = (events ?? []).filter(
    (event) => event.markerRecordedEventAttributes ?? event.activityTaskScheduledEventAttributes,
  );
  return activities.map(({ userMetadata }) =>
    userMetadata?.summary ? defaultPayloadConverter.fromPayload(userMetadata.summary) : null,
  );
}

test('the Web UI finds each participant by its order, and shows where it stands and what each activity is about', async () => {
  const orderId = await world.place(placementOf('alice', 'mouse'));
  await allFinished(orderId);
  expect(await summariesOf('payment', orderId)).toEqual([
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservedEvent',
  ]);
  const details = world
    .handle('payment', orderId)
    .query<{ readonly currentDetails: string }>('__temporal_workflow_metadata');
  expect((await details).currentDetails).toBe('waiting for the reservation');
  for (const service of services) {
    const { typedSearchAttributes } = await world.handle(service, orderId).describe();
    expect(typedSearchAttributes.get(ORDER_ID)).toBe(orderId);
  }
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

test('several pieces of several products: all that is taken, reserved and told adds up', async () => {
  const before = await shopSums(world.db.owner);
  const correlationId = randomUUID() as CorrelationId;
  const orderId = await world.place({ ...severalPieces, correlationId });
  await allFinished(orderId);
  const { items, total } = severalPieces;
  const after = await shopSums(world.db.owner);
  expect(after.ledgersAgree).toBe(true);
  expect(after.balance['alice']).toBe(Number(before.balance['alice']) - total.amount);
  for (const { sku, quantity } of items)
    expect([after.available[sku], after.reserved[sku]]).toEqual([
      Number(before.available[sku]) - quantity,
      Number(before.reserved[sku]) + quantity,
    ]);
  const { rows: events } = await world.db.owner.query<{ type: string; payload: Record<string, unknown> }>(
    'select type, payload from journal.events where order_id = $1 order by seq',
    [orderId],
  );
  expect(events.map(({ payload }) => payload['correlationId'])).toEqual(events.map(() => correlationId));
  for (const { type, payload } of events.slice(0, 3))
    expect({ type, ...payload }).toMatchObject({ customerId: 'alice', items, total });
  const told = events.find(({ type }) => type === 'OrderCompletedNotificationSentEvent');
  const { rows } = await world.db.owner.query<{ told_at: Date }>(
    'select told_at from orders.orders where order_id = $1',
    [orderId],
  );
  expect(told?.payload['occurredAt']).toBeGreaterThan(0);
  expect(rows[0]?.told_at.getTime()).toBe(told?.payload['occurredAt']);
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
  const { rows } = await world.db.owner.query<{ refunded: Date; occurred: Date }>(
    `select refunded_at as refunded, occurred_at as occurred
     from orders.orders join journal.events using (order_id)
     where order_id = $1 and type = 'PaymentCancelledEvent'`,
    [orderId],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.refunded).toEqual(rows[0]?.occurred);
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
