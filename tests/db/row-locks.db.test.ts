import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNotificationEffects } from '../../activities/notification.js';
import { createPaymentEffects } from '../../activities/payment.js';
import { createInventoryEffects } from '../../activities/inventory.js';
import type { SharedEffects } from '../../core/activity/effect.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { paymentStore } from '../../db/payment/payments.js';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { services, type Service } from '../../schemas/services.js';
import { createScene, ordered, piecesOrdered, type Scene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { lockIsWaitedFor } from '../support/lock-is-waited-for.js';
import { pausing } from '../support/pausing.js';
import { placeAt } from '../support/place.js';
import { createActivitiesOf } from '../support/product-activities.js';
import { placementOf, standard } from '../support/saga-world.js';
import { shopSums } from '../support/shop-sums.js';
import { tablesOf } from '../support/tables-of.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const addressedTo = (service: Service): EventType => {
  const type = eventTypes.find((one) =>
    catalogue[one].subscribers.some((subscriber) => subscriber.service === service),
  );
  if (type === undefined) throw new Error(`${service} subscribes to nothing`);
  return type;
};

const sharedEffectsOf = (service: Service) =>
  createActivitiesOf[service]({
    pool: db.pools[service],
    deliver: () => Promise.resolve(),
    config: { ...standard, mail: { smtpUrl: 'smtp://unused', from: 'shop@shop.example' } },
  }) as SharedEffects<unknown>;

test.each(services)('%s: an effect waits for whoever holds the row (R1)', async (service) => {
  const scene = createScene(db);
  const { orderId, context } = scene;
  await placeAt(db.pools.order, orderId, placementOf('alice', 'mouse'), {
    now: context().now,
    waits: standard.waits,
  });
  const effects = sharedEffectsOf(service);
  // Makes the row of a service that has none yet.
  await effects.inspect(context(), await scene.publish(addressedTo(service)));
  const { rows: table } = await tablesOf(db.owner, service);
  const event = await scene.publish(addressedTo(service));
  const holder = await db.pools[service].connect();
  let waiting: Promise<unknown>;
  try {
    await holder.query('begin');
    await holder.query(`select from ${table} where order_id = $1 for update`, [orderId]);
    waiting = effects.inspect(context(), event);
    await lockIsWaitedFor(db.owner);
    await holder.query('commit');
  } finally {
    holder.release();
  }
  await expect(waiting).resolves.toHaveProperty('unpublished');
});

/** Runs the first effect, and the second one beside it, when the first has decided and not yet saved. */
async function beside<First, Second>(
  first: (pause: () => Promise<void>) => Promise<First>,
  second: () => Promise<Second>,
): Promise<readonly [First, Second]> {
  let other: Promise<Second> | undefined;
  const one = await first(async () => {
    other = second();
    await lockIsWaitedFor(db.owner);
  });
  if (!other) throw new Error('the first effect has saved nothing');
  return [one, await other];
}

const statusOf = async (service: Service, { orderId }: Scene) => {
  const { rows: table } = await tablesOf(db.owner, service);
  const { rows } = await db.owner.query<{ status: string }>(
    `select status from ${table} where order_id = $1`,
    [orderId],
  );
  return rows[0]?.status;
};

test('a payment that is being confirmed is not refunded by the clock', async () => {
  const scene = createScene(db);
  const effectsOn = (pause?: () => Promise<void>) =>
    createPaymentEffects(pausing(paymentStore(db.pools.payment), 'save', pause), { reservationWait: 1_000 });
  const before = await shopSums(db.owner);
  await effectsOn().charge(scene.context(), await scene.publish('OrderCreatedEvent'));
  const reserved = await scene.publish('InventoryReservedEvent');
  scene.pass(1_000);
  const timeout = { type: 'TIMEOUT', wait: 'reservation', causeId: 'any' as EventId } as const;
  await beside(
    (pause) => effectsOn(pause).confirm(scene.context(), reserved),
    () => effectsOn().refund(scene.context(), timeout),
  );
  expect(await statusOf('payment', scene)).toBe('CONFIRMED');
  const after = await shopSums(db.owner);
  expect(Number(before.balance['alice']) - Number(after.balance['alice'])).toBe(ordered.total.amount);
});

test('stock is given back once by two cancellations at once', async () => {
  const scene = createScene(db);
  const effectsOn = (pause?: () => Promise<void>) =>
    createInventoryEffects(pausing(inventoryStore(db.pools.inventory), 'save', pause));
  const before = await shopSums(db.owner);
  await effectsOn().reserve(scene.context(), await scene.publish('PaymentCompletedEvent'));
  const held = await shopSums(db.owner);
  for (const [sku, pieces] of Object.entries(piecesOrdered))
    expect(Number(held.reserved[sku]) - Number(before.reserved[sku])).toBe(pieces);
  const [one, other] = [
    await scene.publish('PaymentCancelledEvent'),
    await scene.publish('PaymentCancelledEvent'),
  ];
  await beside(
    (pause) => effectsOn(pause).release(scene.context(), one),
    () => effectsOn().release(scene.context(), other),
  );
  expect(await statusOf('inventory', scene)).toBe('RELEASED');
  expect(await shopSums(db.owner)).toEqual(before);
});

test('no attempt begins beside a refund', async () => {
  const scene = createScene(db);
  let mails = 0;
  const effectsOn = (pause?: () => Promise<void>) =>
    createNotificationEffects(
      {
        store: pausing(notificationStore(db.pools.notification), 'save', pause),
        findEmail: () => Promise.resolve('alice@shop.example'),
        sendMail: () => Promise.resolve(void mails++),
        attemptNumber: () => 1,
        scheduledAt: () => 0 as EpochMillis,
        pause: () => Promise.resolve(),
      },
      standard.notification,
    );
  const reserved = await scene.publish('InventoryReservedEvent');
  await effectsOn().prepare(scene.context(), reserved);
  const cancelled = await scene.publish('PaymentCancelledEvent');
  const attempt = { causeId: reserved.payload.eventId, round: 1, attemptsBefore: 0 };
  await beside(
    (pause) => effectsOn(pause).revoke(scene.context(), cancelled),
    () => effectsOn().send(scene.context(), attempt),
  );
  expect(await statusOf('notification', scene)).toBe('REVOKED');
  expect(mails).toBe(0);
});
