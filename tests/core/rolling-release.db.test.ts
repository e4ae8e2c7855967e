import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPublish } from '../../core/activity/outbox.js';
import type { Catalogue, Choreography } from '../../core/choreography.js';
import { journalOf, outboxOf } from '../../core/postgres/journal.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { choreography, type EventType } from '../../schemas/catalogue.js';
import { createScene, type Scene } from '../decisions/scene.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
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

test('a new subscriber gets what a publisher of the release before has marked, and nobody gets it twice', async () => {
  const old = withoutSubscriber('InventoryReservedEvent', 'notification');
  const scene = createScene(db);
  await scene.publish('InventoryReservedEvent');
  expect(await publishAll(old, scene)).toEqual([
    'InventoryReservedEvent to payment',
    'InventoryReservedEvent to order',
  ]);
  expect(await publishAll(old, scene)).toEqual([]);
  expect(await publishAll(choreography, scene)).toEqual(['InventoryReservedEvent to notification']);
  expect(await publishAll(choreography, scene)).toEqual([]);
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
