import { activityInfo } from '@temporalio/activity';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { services } from '../../schemas/services.js';
import { createGate } from '../support/gate.js';
import { createWorld, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());
beforeEach(() => {
  world.deliver = (next) => next;
  world.overrides.clear();
});

const lost = () => Promise.reject(new Error('the answer was lost'));

test.each([
  ['payment', 'charge'],
  ['inventory', 'reserve'],
])('%s: %s commits, its answer is lost: the saga goes on with that outcome (R8)', async (service, effect) => {
  world.overrides.set(`${service}.${effect}`, (real) => async (...args) => {
    await real(...args);
    return lost();
  });
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  for (const participant of services) await world.finished(participant, orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
  const after = await shopSums(world.db.owner);
  expect(after.balance['alice']).toBe(Number(before.balance['alice']) - 25_000);
  expect(after.reserved['mouse']).toBe(Number(before.reserved['mouse']) + 1);
});

test('a charge that never was: PAYMENT_ERROR, and nothing charged', async () => {
  world.overrides.set('payment.charge', () => lost);
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_ERROR' });
  expect(await shopSums(world.db.owner)).toEqual(before);
});

test.each([
  ['payment', 'charge', 'PAYMENT_FAILED', 'PAYMENT_ERROR'],
  ['inventory', 'reserve', 'OUT_OF_STOCK', 'INVENTORY_ERROR'],
] as const)('%s: %s is not tried again, though it would succeed', async (service, effect, status, reason) => {
  let tries = 0;
  world.overrides.set(
    `${service}.${effect}`,
    (real) =>
      (...args) =>
        ++tries === 1 ? lost() : real(...args),
  );
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status, reason });
  expect(await shopSums(world.db.owner)).toEqual(before);
  expect(tries).toBe(1);
});

test('a charge that commits after it was made void loses to that', async () => {
  let late: (() => Promise<unknown>) | undefined;
  world.overrides.set('payment.charge', (real) => (...args) => {
    late = () => real(...args);
    return lost();
  });
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  await late?.();
  expect(late).toBeDefined();
  expect(await shopSums(world.db.owner)).toEqual(before);
});

test('a reservation that never was: INVENTORY_ERROR, refunded', async () => {
  world.overrides.set('inventory.reserve', () => lost);
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_ERROR',
    refunded: true,
  });
  expect(await shopSums(world.db.owner)).toEqual(before);
});

test('a publish that reached some subscribers only is repeated until all have the event', async () => {
  let failures = 3;
  world.deliver = (next) => async (subscriber, event) => {
    if (event.type === 'InventoryReservedEvent' && subscriber === 'order' && failures-- > 0) return lost();
    return next(subscriber, event);
  };
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
  expect(await published(world.db.owner, orderId)).toHaveLength(4);
});

test('an effect that fails for long becomes a regular activity and holds in the end', async () => {
  let failures = 12;
  world.overrides.set(
    'payment.confirm',
    (real) =>
      (...args) =>
        failures-- > 0 ? lost() : real(...args),
  );
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  const events = (await world.history('payment', orderId)).events ?? [];
  expect(
    events.some((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'confirm'),
  ).toBe(true);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
});

test('an effect that hangs becomes a regular activity after 5 s, not after every try has hung', async () => {
  const hanging = createGate();
  const areLocal: boolean[] = [];
  world.overrides.set('payment.confirm', (real) => async (...args) => {
    const { isLocal } = activityInfo();
    areLocal.push(isLocal);
    if (isLocal) await hanging.opened;
    return real(...args);
  });
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  const regular = areLocal.indexOf(false);
  expect(regular).toBeGreaterThan(0);
  expect(regular).toBeLessThanOrEqual(2);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
});
