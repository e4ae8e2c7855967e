import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { createWorld, placementOf, severalPieces, type World } from '../support/saga-world.js';
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

/** A timer as the Web UI shows it, and the ms after which it ran out, if it did, by the history's own timestamps. */
interface ShownTimer {
  readonly summary: unknown;
  readonly ranOutAfter: number | undefined;
}

/** All timers that a participant has started, in their order. */
async function timersOf(service: Service, orderId: OrderId): Promise<readonly ShownTimer[]> {
  const events = (await world.history(service, orderId)).events ?? [];
  return events.flatMap((started) => {
    if (!started.timerStartedEventAttributes) return [];
    const { timerId } = started.timerStartedEventAttributes;
    const fired = events.find((event) => event.timerFiredEventAttributes?.timerId === timerId);
    const summary = started.userMetadata?.summary;
    return {
      summary: summary && defaultPayloadConverter.fromPayload(summary),
      ranOutAfter: fired && timeOf(fired) - timeOf(started),
    };
  });
}

/** The timers that do not say what is waited for. */
const namelessOf = (timers: readonly ShownTimer[]) =>
  timers.filter(
    ({ summary }) => !/^waiting for the (payment|reservation|notification)$/.test(String(summary)),
  );

const timeOf = ({ eventTime }: temporal.api.history.v1.IHistoryEvent): number =>
  Number(eventTime?.seconds) * 1_000 + Number(eventTime?.nanos) / 1e6;

test('no payment answer for 5 minutes: the order is cancelled by itself, not before', async () => {
  silence('payment');
  const orderId = await world.place();
  await world.env.sleep('295s');
  expect(await world.order(orderId)).toMatchObject({ status: 'PENDING_PAYMENT' });
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' });
  const [timer, ...others] = await timersOf('order', orderId);
  expect(others).toEqual([]);
  expect(timer?.summary).toBe('waiting for the payment');
  // Due five minutes after the order was placed; its timer starts when the task does.
  expect(timer?.ranOutAfter).toBeGreaterThan(240_000);
  expect(timer?.ranOutAfter).toBeLessThan(301_000);
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
  const orderId = await world.place(severalPieces);
  await world.env.sleep('175s');
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_COMPLETED' });
  // As in the Web UI. It ends no saga halfway.
  for (const service of ['order', 'payment'] as const) await world.handle(service, orderId).cancel();
  await world.finished('payment', orderId);
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    refunded: true,
  });
  const [timer, ...others] = await timersOf('payment', orderId);
  expect(others).toEqual([]);
  expect(timer?.summary).toBe('waiting for the reservation');
  expect(timer?.ranOutAfter).toBeGreaterThan(120_000);
  expect(timer?.ranOutAfter).toBeLessThan(181_000);
  const timersOfOrder = await timersOf('order', orderId);
  expect(timersOfOrder.at(-1)).toEqual({ summary: 'waiting for the reservation', ranOutAfter: undefined });
  expect(namelessOf(timersOfOrder)).toEqual([]);
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
  const orderId = await world.place(severalPieces);
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
  const timers = await timersOf('order', orderId);
  expect(timers.at(-1)?.summary).toBe('waiting for the notification');
  expect(timers.at(-1)?.ranOutAfter).toBeGreaterThan(590_000);
  expect(namelessOf(timers)).toEqual([]);
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
