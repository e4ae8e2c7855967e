import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createNotificationEffects } from '../../activities/notification.js';
import type { Sweep } from '../../core/sweep/sweep.js';
import { notificationStore } from '../../db/notification/notifications.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { OrderId } from '../../schemas/ids.js';
import { RETRY_NOTIFICATION, services, type Service } from '../../schemas/services.js';
import { createScene } from '../decisions/scene.js';
import { createGate } from '../support/gate.js';
import { createWorld, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';
import { sweepsOf } from '../support/sweeps.js';
import { until } from '../support/until.js';

let world: World;
let accept: World['sendMail'];
let sweeps: Readonly<Record<Service, Sweep>>;
beforeAll(async () => {
  world = await createWorld();
  accept = world.sendMail;
  // No grace: what is under way is signalled once more, which does no harm.
  sweeps = await sweepsOf(world, { graceMs: 0, stuckAfterMs: 300_000, batch: 100 });
});
afterAll(() => world.close());
beforeEach(() => {
  world.sendMail = accept;
  world.deliver = (next) => next;
});

/** These deliveries seem done, and are lost. */
const lose = (...lost: readonly (readonly [EventType, Service])[]) => {
  world.deliver = (next) => (subscriber, event) =>
    lost.some(([type, service]) => type === event.type && service === subscriber)
      ? Promise.resolve()
      : next(subscriber, event);
};

const refuseMails = () => {
  world.sendMail = () =>
    Promise.reject(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 }));
};

/** These services sweep, again and again until it holds. */
async function sweepUntil(
  holds: () => Promise<boolean>,
  swept: readonly Service[] = services,
): Promise<void> {
  world.deliver = (next) => next;
  await until(async () => {
    for (const service of swept) while (await sweeps[service].run());
    return holds();
  });
}

/** Lets time skip in small steps until the condition holds. */
async function skipUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let step = 0; step < 60 && !(await holds()); step++) await world.env.sleep('10s');
  expect(await holds()).toBe(true);
}

const tables = {
  payment: 'payment.payments',
  inventory: 'inventory.reservations',
  notification: 'notification.notifications',
} as const;

async function statusOf(service: keyof typeof tables, orderId: OrderId): Promise<string | undefined> {
  const { rows } = await world.db.owner.query<{ status: string }>(
    `select status from ${tables[service]} where order_id = $1`,
    [orderId],
  );
  return rows[0]?.status;
}

const is = (service: keyof typeof tables, orderId: OrderId, status: string) => async () =>
  (await statusOf(service, orderId)) === status;

/** Whether all that was published is marked delivered: whatever was to be lost is lost. */
async function isDelivered(orderId: OrderId, type: EventType): Promise<boolean> {
  const { rowCount } = await world.db.owner.query(
    `select 1 from journal.events where order_id = $1 and type = $2 and delivered_at is not null`,
    [orderId, type],
  );
  return rowCount === 1;
}

const mailsTo = (orderId: OrderId) => world.mails.filter((mail) => mail.orderId === orderId).length;

test('InventoryReserved to Notification: the customer is told, and the order completes', async () => {
  lose(['InventoryReservedEvent', 'notification']);
  const orderId = await world.place();
  await until(() => isDelivered(orderId, 'InventoryReservedEvent'));
  await until(async () => (await world.order(orderId)).status === 'INVENTORY_RESERVED');
  expect(await statusOf('notification', orderId)).toBeUndefined();

  await sweepUntil(async () => (await world.order(orderId)).status === 'COMPLETED');
  expect(mailsTo(orderId)).toBe(1);
});

test('NotificationSent to Order: the order completes', async () => {
  lose(['OrderCompletedNotificationSentEvent', 'order']);
  const orderId = await world.place();
  await until(() => isDelivered(orderId, 'OrderCompletedNotificationSentEvent'));
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', told: false });

  await sweepUntil(async () => (await world.order(orderId)).status === 'COMPLETED');
  expect(await world.order(orderId)).toMatchObject({ told: true });
  expect(mailsTo(orderId)).toBe(1);
});

test('OrderCancelled to Payment, which had charged: the money and the stock go back, and nobody is told', async () => {
  const before = await shopSums(world.db.owner);
  lose(
    ['PaymentCompletedEvent', 'order'],
    ['InventoryReservedEvent', 'order'],
    ['InventoryReservedEvent', 'notification'],
    ['OrderCancelledEvent', 'payment'],
  );
  const orderId = await world.place();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', refunded: false });
  expect(await statusOf('payment', orderId)).toBe('CONFIRMED');
  expect(await statusOf('inventory', orderId)).toBe('RESERVED');

  await sweepUntil(is('notification', orderId, 'REVOKED'), ['payment']);
  await sweepUntil(async () => (await world.order(orderId)).refunded);
  await until(is('inventory', orderId, 'RELEASED'));
  expect(await world.order(orderId)).toMatchObject({ status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' });
  expect(await shopSums(world.db.owner)).toEqual(before);
  expect(mailsTo(orderId)).toBe(0);
});

test('PaymentCancelled to Inventory: the stock goes back, though nobody waits for it', async () => {
  const before = await shopSums(world.db.owner);
  lose(
    ['InventoryReservedEvent', 'payment'],
    ['InventoryReservedEvent', 'notification'],
    ['PaymentCancelledEvent', 'inventory'],
  );
  const orderId = await world.place();
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'OUT_OF_STOCK', reason: 'INVENTORY_TIMEOUT' });
  expect(await statusOf('inventory', orderId)).toBe('RESERVED');

  await sweepUntil(is('inventory', orderId, 'RELEASED'), ['inventory']);
  expect(await shopSums(world.db.owner)).toEqual(before);
});

test('PaymentCancelled to Order: the refund is on record, and the order is final', async () => {
  lose(
    ['InventoryReservedEvent', 'payment'],
    ['InventoryReservedEvent', 'notification'],
    ['PaymentCancelledEvent', 'order'],
  );
  const orderId = await world.place();
  await skipUntil(() => isDelivered(orderId, 'PaymentCancelledEvent'));
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', refunded: false });

  await sweepUntil(async () => (await world.order(orderId)).status === 'OUT_OF_STOCK', ['order']);
  expect(await world.order(orderId)).toMatchObject({ reason: 'INVENTORY_TIMEOUT', refunded: true });
});

test('PaymentCancelled to Notification, which is parked: no retry can tell the customer any more', async () => {
  refuseMails();
  lose(['InventoryReservedEvent', 'payment'], ['PaymentCancelledEvent', 'notification']);
  const orderId = await world.place();
  await skipUntil(() => isDelivered(orderId, 'PaymentCancelledEvent'));
  await skipUntil(is('notification', orderId, 'FAILED'));

  await sweepUntil(is('notification', orderId, 'REVOKED'), ['notification']);
  await world.finished('notification', orderId);
  expect(mailsTo(orderId)).toBe(0);
});

test('a parked notification whose participant is gone can be retried again', async () => {
  refuseMails();
  const orderId = await world.place();
  await skipUntil(is('notification', orderId, 'FAILED'));
  await skipUntil(async () => (await world.order(orderId)).attention.includes('NOTIFICATION_FAILED'));
  await world.handle('notification', orderId).terminate('by mistake');
  const retry = () =>
    world.handle('notification', orderId).executeUpdate(RETRY_NOTIFICATION, { args: [{ operator: 'Kim' }] });
  await expect(retry()).rejects.toThrow();

  world.sendMail = accept;
  await sweepUntil(
    () =>
      retry().then(
        () => true,
        () => false,
      ),
    ['notification'],
  );
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', told: true });
  expect(mailsTo(orderId)).toBe(1);
});

test('a parked notification whose old attempt got through is announced, and no retry sends it again', async () => {
  refuseMails();
  const orderId = await world.place();
  await until(is('notification', orderId, 'SENDING'));
  const mailServer = createGate();
  const oldAttempt = attemptOfADeadWorker(orderId, () => mailServer.opened);
  await skipUntil(is('notification', orderId, 'FAILED'));
  mailServer.open();
  await oldAttempt;
  expect(await statusOf('notification', orderId)).toBe('SENT');
  expect(await world.order(orderId)).toMatchObject({ status: 'INVENTORY_RESERVED', told: false });

  await sweepUntil(async () => (await world.order(orderId)).status === 'COMPLETED', ['notification']);
  await world.finished('notification', orderId);
  expect(await published(world.db.owner, orderId)).toContain('OrderCompletedNotificationSentEvent');
  expect(mailsTo(orderId)).toBe(0);
});

/** An attempt that Temporal has given up: it goes on in a worker that was taken for dead, and nobody hears its answer. */
async function attemptOfADeadWorker(orderId: OrderId, sendMail: World['sendMail']): Promise<void> {
  const { rows } = await world.db.owner.query<{ cause_id: never }>(
    `select cause_id from notification.notifications where order_id = $1`,
    [orderId],
  );
  const context = { ...createScene(world.db, Date.now()).context(), sagaId: orderId };
  const effects = createNotificationEffects(
    {
      store: notificationStore(world.db.pools.notification),
      findEmail: () => Promise.resolve('alice@shop.example'),
      sendMail,
      attemptNumber: () => 90,
      scheduledAt: () => context.now,
      pause: () => Promise.resolve(),
    },
    { maxRetries: 3, retryIntervalMs: 60_000 },
  );
  await effects.send(context, { causeId: rows[0]?.cause_id as never, round: 1, attemptsBefore: 0 });
}
