import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPaymentEffects } from '../../activities/payment.js';
import { createPublish } from '../../core/activity/outbox.js';
import type { Catalogue, Choreography } from '../../core/choreography.js';
import { journalOf, outboxOf } from '../../core/postgres/journal.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { paymentStore } from '../../db/payment/payments.js';
import { choreography, type EventType } from '../../schemas/catalogue.js';
import { createScene, type Scene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

/** The release before: its catalogue knows one subscriber less, or one event less. */
const before = (change: (catalogue: Catalogue) => Catalogue): Choreography => ({
  ...choreography,
  catalogue: change(choreography.catalogue),
});

const withoutSubscriber = (type: EventType, service: string): Choreography =>
  before((catalogue) => {
    const entry = catalogue[type];
    if (!entry) throw new Error(`no event ${type}`);
    const subscribers = entry.subscribers.filter((subscriber) => subscriber.service !== service);
    return { ...catalogue, [type]: { ...entry, subscribers } };
  });

const withoutEvent = (type: EventType): Choreography =>
  before((catalogue) => Object.fromEntries(Object.entries(catalogue).filter(([name]) => name !== type)));

/** Publishes what Inventory still has to publish, by a release's catalogue; returns who was signalled. */
async function publishAll(release: Choreography, scene: Scene): Promise<readonly string[]> {
  const signalled: string[] = [];
  const pool = db.pools.inventory;
  const publish = createPublish(release, outboxOf(pool), (subscriber, { type }) => {
    signalled.push(`${type} to ${subscriber}`);
    return Promise.resolve();
  });
  const undelivered = await withTransaction(pool, (tx) =>
    journalOf(release, 'inventory', tx).undelivered(scene.orderId),
  );
  for (const { eventId } of undelivered) await publish(eventId);
  return signalled;
}

/** As text: a JavaScript date would cut off the microseconds. */
async function deliveredAt({ orderId }: Scene): Promise<string | undefined> {
  const { rows } = await db.owner.query<{ at: string }>(
    `select delivered_at::text as at from journal.events where order_id = $1`,
    [orderId],
  );
  return rows[0]?.at;
}

test('a new subscriber gets what a publisher of the release before has marked, and nobody gets it twice', async () => {
  const old = withoutSubscriber('InventoryReservedEvent', 'notification');
  const scene = createScene(db);
  await scene.publish('InventoryReservedEvent');
  expect(await publishAll(old, scene)).toEqual([
    'InventoryReservedEvent to payment',
    'InventoryReservedEvent to order',
  ]);
  const first = await deliveredAt(scene);
  expect(first).toMatch(/^2/);
  expect(await publishAll(old, scene)).toEqual([]);
  expect(await publishAll(choreography, scene)).toEqual(['InventoryReservedEvent to notification']);
  expect(await publishAll(choreography, scene)).toEqual([]);
  expect(await deliveredAt(scene)).toBe(first);
});

test('a publisher of the release before leaves an event that it does not know to the release that wrote it', async () => {
  const old = withoutEvent('InventoryReservationFailedEvent');
  const scene = createScene(db);
  await scene.publish('InventoryReservationFailedEvent');
  await scene.publish('InventoryReservedEvent');
  expect(await publishAll(old, scene)).toEqual([
    'InventoryReservedEvent to payment',
    'InventoryReservedEvent to order',
    'InventoryReservedEvent to notification',
  ]);
  expect(await publishAll(choreography, scene)).toEqual(['InventoryReservationFailedEvent to payment']);
});

test('an order of the next release is charged, and what is published of it says what this release knows', async () => {
  const scene = createScene(db);
  const { type, payload } = scene.invent('OrderCreatedEvent');
  const items = payload.items.map((item) => ({ ...item, isGift: true }));
  const newer = { type, payload: { ...payload, version: payload.version + 1, channel: 'web', items } };
  await withTransaction(db.pools.order, (tx) => journalOf(choreography, 'order', tx).append(newer));
  const { charge } = createPaymentEffects(paymentStore(db.pools.payment), { reservationWait: 180_000 });
  const { row } = await charge(scene.context(), newer);
  expect(row.status).toBe('CHARGED');
  const { rows } = await db.owner.query<{ items: unknown }>(
    `select payload->'items' as items from journal.events where order_id = $1 and type = 'PaymentCompletedEvent'`,
    [scene.orderId],
  );
  expect(rows).toEqual([{ items: payload.items }]);
});
