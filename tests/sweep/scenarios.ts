import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Pool } from '../../core/postgres/pool.js';
import type { SagaId } from '../../core/event.js';
import { storeOrder } from '../support/shop.js';
import { BATCH, GRACE, STUCK_AFTER, type SweepWorld } from './sweep-world.js';

export type Scenario = (world: SweepWorld) => Promise<void>;

const LATER = GRACE + 1_000;

/** A payment that waits for its reservation, as it would be stored; `dueIn` in ms. */
async function storeCharge(owner: Pool, orderId: string, dueIn: number): Promise<void> {
  await owner.query(
    `insert into payment.payments (order_id, status, customer_id, amount, currency, correlation_id, wait_cause_id,
       answer_by, due_at, updated_at)
     values ($1, 'CHARGED', 'alice', 25000, 'KRW', $1, $1, now(), now() + $2 * interval '1 ms', now())`,
    [orderId, dueIn],
  );
}

async function storeNotification(owner: Pool, orderId: string, status: 'SENDING' | 'FAILED'): Promise<void> {
  await owner.query(
    `insert into notification.notifications (order_id, status, customer_id, items, total, currency, cause_id,
       correlation_id, round, due_at, updated_at)
     values ($1, $2, 'alice', '[]', 25000, 'KRW', $1, $1, 1, case $2 when 'SENDING' then now() end, now())`,
    [orderId, status],
  );
}

const undelivered: Readonly<Record<string, Scenario>> = {
  "an undelivered answer is its publisher's to look at, once the grace is over": async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(GRACE - 1_000);
    await world.expectNothingTaken();
    await world.pass(2_000);
    expect(await world.takers(scene.orderId)).toEqual({ payment: [] });
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ service: 'payment', why: 'UNDELIVERED' }]);
  },

  "what a role wrote that is not the publisher is nobody's": async (world) => {
    const scene = world.scene();
    const { payload } = scene.invent('InventoryReservedEvent');
    await world.db.owner.query(
      `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload,
         published_by, delivered_at, delivered_to)
       values ($1, $2, 'InventoryReservedEvent', 1, $1, null, now(), $3, 'order_service', now(),
         array['payment', 'order', 'notification'])`,
      [payload.eventId, scene.orderId, JSON.stringify(payload)],
    );
    await world.pass(LATER);
    await world.expectNothingTaken();
  },

  'an answer of a type that only a newer release knows is left to that release': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.db.owner.query(`update journal.events set type = 'PaymentPostponedEvent'`);
    await world.pass(LATER);
    await world.expectNothingTaken();
  },
};

const due: Readonly<Record<string, Scenario>> = {
  'an order past its deadline': async (world) => {
    const { orderId } = await storeOrder(world.db.owner);
    await world.db.owner.query(`update orders.orders set due_at = now()`);
    await world.pass(GRACE - 1_000);
    await world.expectNothingTaken();
    await world.pass(2_000);
    expect(await world.takers(orderId)).toEqual({ order: [] });
    expect(await world.onRecord(orderId)).toMatchObject([{ service: 'order', why: 'DUE' }]);
  },

  'a payment past its `answerBy`, and not before': async (world) => {
    const { orderId } = world.scene();
    await storeCharge(world.db.owner, orderId, 60_000);
    await world.pass(60_000 + GRACE - 1_000);
    await world.expectNothingTaken();
    await world.pass(2_000);
    expect(await world.takers(orderId)).toEqual({ payment: [] });
  },

  'a notification whose next attempt should have begun': async (world) => {
    const { orderId } = world.scene();
    await storeNotification(world.db.owner, orderId, 'SENDING');
    await world.pass(LATER);
    expect(await world.takers(orderId)).toEqual({ notification: [] });
  },

  'a failed notification is not unfinished: it is listed among the parked': async (world) => {
    const orderIds = Array.from({ length: 45 }, () => randomUUID());
    for (const orderId of orderIds) await storeNotification(world.db.owner, orderId, 'FAILED');
    await world.pass(LATER);
    await world.expectNothingTaken();

    const store = world.storeOf('notification');
    const first = await store.parkedAfter(undefined);
    const second = await store.parkedAfter(first.at(-1));
    const third = await store.parkedAfter(second.at(-1));
    expect([first.length, second.length, third.length]).toEqual([20, 20, 5]);
    expect([...first, ...second, ...third]).toEqual([...orderIds].sort());
    expect(await store.parkedAfter(third.at(-1))).toEqual([]);
    expect(await world.storeOf('payment').parkedAfter(undefined)).toEqual([]);
    expect(await world.storeOf('inventory').parkedAfter(undefined)).toEqual([]);
  },
};

const unhandled: Readonly<Record<string, Scenario>> = {
  'a delivered event is signalled again where it has left no trace, and nowhere else': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'InventoryReservedEvent');
    await world.takeIn('payment', scene.context(), event);
    await world.takeIn('order', scene.context(), event);
    await world.pass(GRACE - 1_000);
    await world.expectNothingTaken();
    await world.pass(2_000);
    expect(await world.take('payment')).toEqual([]);
    expect(await world.take('order')).toEqual([]);
    expect(await world.take('inventory')).toEqual([]);
    expect(await world.take('notification')).toEqual([{ sagaId: scene.orderId, unhandled: [event] }]);
    expect(await world.onRecord(scene.orderId)).toMatchObject([
      { service: 'notification', why: 'UNHANDLED' },
    ]);
  },

  'several events of a saga come oldest first, and those that are under way do not come': async (world) => {
    const scene = world.scene();
    await world.deliver(scene, 'PaymentCompletedEvent');
    await world.deliver(scene, 'PaymentCancelledEvent', { to: ['inventory'] });
    await world.pass(LATER);
    await world.deliver(scene, 'PaymentCancelledEvent', { to: ['inventory'] });
    const [saga] = await world.take('inventory');
    expect(saga?.unhandled.map(({ type }) => type)).toEqual([
      'PaymentCompletedEvent',
      'PaymentCancelledEvent',
    ]);
  },

  "a delivery that does not name the service is the publisher's to make up for": async (world) => {
    const scene = world.scene();
    await world.deliver(scene, 'InventoryReservedEvent', { to: ['payment', 'order'] });
    await world.pass(LATER);
    expect(await world.takers(scene.orderId)).toEqual({
      payment: ['InventoryReservedEvent'],
      order: ['InventoryReservedEvent'],
    });
  },

  'an event is not for whom the catalogue leaves out because of its cause': async (world) => {
    const all = ['notification', 'inventory', 'order'] as const;
    const [left, addressed] = [world.scene(), world.scene()];
    const cause = await left.publish('InventoryReservationFailedEvent');
    await left.publish('PaymentCancelledEvent', { causationId: cause.payload.eventId });
    const otherCause = await addressed.publish('OrderCancelledEvent');
    await addressed.publish('PaymentCancelledEvent', { causationId: otherCause.payload.eventId });
    await world.db.owner.query(
      `update journal.events set delivered_at = now(), delivered_to = $1 where type = 'PaymentCancelledEvent'`,
      [all],
    );
    await world.db.owner.query(
      `update journal.events set delivered_at = now(), delivered_to = array['nobody'] where delivered_at is null`,
    );
    await world.pass(LATER);
    const taken = [await world.take('notification'), await world.take('inventory')];
    expect(taken.flat().map(({ sagaId }) => sagaId)).toEqual([addressed.orderId, addressed.orderId]);
    expect((await world.take('order')).length).toBe(2);
  },

  "a refused event is the operators', and other content under its id is not that event": async (world) => {
    const [refused, forged] = [world.scene(), world.scene()];
    const event = await world.deliver(refused, 'OrderCreatedEvent');
    // By its own catalogue, Inventory is no subscriber.
    await world.db.owner.query(`update journal.events set delivered_to = array['payment', 'inventory']`);
    await world.takeIn('payment', { ...refused.context(), sagaId: forged.orderId }, event);
    const genuine = await world.deliver(forged, 'OrderCreatedEvent');
    const other = { ...genuine, payload: { ...genuine.payload, customerId: 'mallory' } };
    await world.takeIn('payment', forged.context(), other);
    await world.pass(LATER);
    expect(await world.take('payment')).toEqual([{ sagaId: forged.orderId, unhandled: [genuine] }]);
  },

  'what one service has refused another one still has to handle': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'InventoryReservedEvent', { to: ['payment', 'order'] });
    await world.takeIn('payment', { ...scene.context(), sagaId: world.scene().orderId }, event);
    await world.pass(LATER);
    expect(await world.takers(scene.orderId)).toEqual({ order: ['InventoryReservedEvent'] });
  },

  'an event of a type that this release does not know': async (world) => {
    const scene = world.scene();
    await world.deliver(scene, 'OrderCreatedEvent');
    await world.db.owner.query(`update journal.events set type = 'OrderChangedEvent'`);
    await world.pass(LATER);
    await world.expectNothingTaken();
  },
};

const mark: Readonly<Record<string, Scenario>> = {
  'the mark moves on, past what is merely on record, and no further than the grace': async (world) => {
    const scene = world.scene();
    await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(LATER);
    expect((await world.take('payment')).length).toBe(1);
    const young = world.scene();
    await world.deliver(young, 'OrderCreatedEvent');
    await world.pass(GRACE - 1_000);
    await world.take('payment');
    expect(await world.onRecord(young.orderId)).toEqual([]);
    await world.pass(2_000);
    expect((await world.take('payment')).map(({ sagaId }) => sagaId)).toContain(young.orderId);
    expect(await swept(world, 'payment')).toBeCloseTo(GRACE / 1_000, 0);
  },

  'a service that was away checks its past piece by piece, and says that there is more': async (world) => {
    const scene = world.scene();
    await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(15 * 60_000);
    await world.db.owner.query(`update journal.sweeps set swept_until = now() - interval '25 min'`);
    const first = await world.takeSome('payment');
    expect(first.hasMore).toBe(true);
    expect([first.sagas.length, (await world.takeSome('payment')).sagas.length]).toEqual([1, 0]);
    const last = await world.takeSome('payment');
    expect(last).toEqual({ sagas: [], hasMore: false });
    expect(await swept(world, 'payment')).toBeCloseTo(GRACE / 1_000, 0);
  },

  'a restored database is checked from where it then stands': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(LATER);
    await world.take('payment');
    await world.takeIn('payment', scene.context(), event);
    await world.pass(LATER);
    await world.expectNothingTaken();

    // What the last five minutes had brought is gone, and the mark with it.
    await world.db.owner.query(
      `delete from payment.inbox; delete from journal.unfinished;
       update journal.sweeps set swept_until = now() - interval '5 min'`,
    );
    expect(await world.takers(scene.orderId)).toEqual({ payment: ['OrderCreatedEvent'] });
  },
};

/** How long ago the deliveries end that the service has checked, in s. */
async function swept({ db }: SweepWorld, service: string): Promise<number> {
  const { rows } = await db.owner.query<{ ago: string }>(
    `select extract(epoch from now() - swept_until) as ago from journal.sweeps where service = $1`,
    [service],
  );
  return Number(rows[0]?.ago);
}

const again: Readonly<Record<string, Scenario>> = {
  'what was taken is left alone for one grace, then two, four, eight and sixteen': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    const store = world.storeOf('payment');
    expect((await store.take()).sagas.length).toBe(1);
    for (const pauses of [1, 2, 4, 8, 16, 16]) {
      await world.pass(pauses * GRACE - 1_000);
      expect(await world.take('payment')).toEqual([]);
      await world.pass(2_000);
      expect((await world.take('payment')).length).toBe(1);
      await store.woken([scene.orderId]);
      if (pauses === 1) expect(await world.onRecord(scene.orderId)).toMatchObject([{ woken: 1 }]);
    }
  },

  'what Temporal has not confirmed is tried again after one grace': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    for (let tries = 0; tries < 3; tries++) {
      expect((await world.take('payment')).length).toBe(1);
      await world.pass(LATER);
    }
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ woken: 0 }]);
  },

  'at most one batch is taken at once, the longest waiting first': async (world) => {
    const sagas = [];
    for (let count = 0; count < BATCH + 2; count++) {
      const scene = world.scene();
      await scene.publish('PaymentCompletedEvent');
      sagas.push(scene.orderId);
    }
    await world.pass(LATER);
    const first = await world.takeSome('payment');
    const second = await world.takeSome('payment');
    expect([first.sagas.length, first.hasMore]).toEqual([BATCH, true]);
    expect([second.sagas.length, second.hasMore]).toEqual([2, false]);
    expect([...first.sagas, ...second.sagas].map(({ sagaId }) => sagaId).sort()).toEqual(sagas.sort());
  },

  'what was never taken comes before what was taken in vain': async (world) => {
    for (let count = 0; count < BATCH; count++) await world.scene().publish('PaymentCompletedEvent');
    await world.pass(LATER);
    expect((await world.take('payment')).length).toBe(BATCH);
    const fresh = world.scene();
    await fresh.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    const taken = await world.take('payment');
    expect(taken.length).toBe(BATCH);
    expect(taken.map(({ sagaId }) => sagaId)).toContain(fresh.orderId);
  },

  'what one service has on record is no excuse for another': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    expect((await world.take('payment')).length).toBe(1);
    await scene.publish('InventoryReservedEvent');
    await world.pass(LATER);
    expect(await world.takers(scene.orderId)).toMatchObject({ inventory: [] });
    expect(await world.onRecord(scene.orderId)).toMatchObject([
      { service: 'inventory' },
      { service: 'payment' },
    ]);
  },

  'a saga at rest is left alone, and found again when it is unfinished again': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(LATER);
    expect((await world.take('payment')).length).toBe(1);
    await world.storeOf('payment').woken([scene.orderId]);
    await world.takeIn('payment', scene.context(), event);
    await world.pass(STUCK_AFTER + 1_000);
    expect(await world.take('payment')).toEqual([]);
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ isAtRest: true, woken: 1, isStuck: false }]);

    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    expect(await world.takers(scene.orderId)).toEqual({ payment: [] });
    expect(await world.onRecord(scene.orderId)).toEqual([
      { service: 'payment', why: 'UNDELIVERED', woken: 0, isStuck: false, isAtRest: false },
    ]);
  },

  'nothing comes to rest while any of its reasons holds': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(LATER);
    await world.take('payment');
    const answer = await scene.publish('PaymentCompletedEvent');
    await storeCharge(world.db.owner, scene.orderId, 60_000);
    await world.takeIn('payment', scene.context(), event);
    const isAtRest = async () => {
      await world.take('payment');
      return (await world.onRecord(scene.orderId))[0]?.isAtRest;
    };
    expect(await isAtRest()).toBe(false);
    await world.markDelivered(answer, ['inventory', 'order']);
    await world.pass(60_001);
    expect(await isAtRest()).toBe(false);
    await world.db.owner.query(`update payment.payments set due_at = null`);
    expect(await isAtRest()).toBe(true);
  },
};

const stuck: Readonly<Record<string, Scenario>> = {
  'what does not come to rest within the further grace needs a person, until it does': async (world) => {
    const scene = world.scene();
    const event = await world.deliver(scene, 'OrderCreatedEvent');
    await world.pass(LATER);
    await world.take('payment');
    await world.pass(STUCK_AFTER - 1_000);
    await world.take('payment');
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ isStuck: false }]);
    await world.pass(2_000);
    await world.take('payment');
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ isStuck: true, isAtRest: false }]);

    await world.takeIn('payment', scene.context(), event);
    await world.take('payment');
    expect(await world.onRecord(scene.orderId)).toMatchObject([{ isStuck: true, isAtRest: true }]);
  },

  'a failed notification alone is never stuck, one with an undelivered answer is': async (world) => {
    const [failed, untold] = [world.scene(), world.scene()];
    for (const { orderId } of [failed, untold]) await storeNotification(world.db.owner, orderId, 'FAILED');
    await untold.publish('OrderCompletedNotificationFailedEvent');
    await world.pass(LATER);
    await world.take('notification');
    await world.pass(STUCK_AFTER + 1_000);
    await world.take('notification');
    expect(await world.onRecord(failed.orderId)).toEqual([]);
    expect(await world.onRecord(untold.orderId)).toMatchObject([{ isStuck: true }]);
  },
};

const sideBySide: Readonly<Record<string, Scenario>> = {
  'while one worker is in, the others go away, and everything is taken once': async (world) => {
    const sagas = new Set<SagaId>();
    for (let count = 0; count < BATCH; count++) {
      const scene = world.scene();
      await scene.publish('PaymentCompletedEvent');
      sagas.add(scene.orderId);
    }
    await world.pass(LATER);
    const workers = Array.from({ length: 4 }, () => world.anotherWorker('payment'));
    const taken = [];
    for (let round = 0; round < 3; round++)
      taken.push(...(await Promise.all(workers.map((worker) => worker.take()))));
    const sagaIds = taken.flatMap((one) => one.sagas.map(({ sagaId }) => sagaId));
    expect(sagaIds.length).toBe(BATCH);
    expect(new Set(sagaIds)).toEqual(sagas);
  },

  'a worker in the gate keeps the others out, without having them wait': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    const inside = await world.db.pools.payment.connect();
    try {
      await inside.query(`begin`);
      await inside.query(`select 1 from journal.sweeps where service = 'payment' for update`);
      expect(await world.takeSome('payment')).toEqual({ sagas: [], hasMore: false });
    } finally {
      await inside.query(`rollback`);
      inside.release();
    }
    expect((await world.take('payment')).length).toBe(1);
  },

  'what a dead worker had taken is taken by another one, one grace later': async (world) => {
    const scene = world.scene();
    await scene.publish('PaymentCompletedEvent');
    await world.pass(LATER);
    expect((await world.anotherWorker('payment').take()).sagas.length).toBe(1);
    await world.pass(GRACE - 1_000);
    expect(await world.take('payment')).toEqual([]);
    await world.pass(2_000);
    expect((await world.take('payment')).length).toBe(1);
  },
};

/** Everything that a sweep of PostgreSQL promises. Each begins with a database in which nothing is unfinished. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  ...undelivered,
  ...due,
  ...unhandled,
  ...mark,
  ...again,
  ...stuck,
  ...sideBySide,
};
