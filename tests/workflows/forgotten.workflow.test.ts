import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliverBySignal } from '../../core/activity/delivery.js';
import { subscribersOf } from '../../core/choreography.js';
import { sweepSignals } from '../../core/sweep/signals.js';
import { choreography } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { auditDatabase } from '../../tools/audit/findings.js';
import { forgetEverything } from '../support/past.js';
import { createWorld, type World } from '../support/saga-world.js';
import { quarantined, shopSums } from '../support/shop-sums.js';
import { sweepAll } from '../support/sweep-all.js';

let world: World;
beforeAll(async () => void (world = await createWorld()));
afterAll(() => world.close());

async function eventsOf(orderId: OrderId): Promise<readonly SagaEvent[]> {
  const { rows } = await world.db.owner.query<SagaEvent>(
    `select type, payload from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  return rows;
}

/** What decides, and what was said and done. */
async function standing(orderId: OrderId) {
  const { rows } = await world.db.owner.query<object>(
    `select o.status as order, p.status as payment, r.status as inventory, n.status as notification,
       (select count(*)::int from notification.attempts) as attempts
     from orders.orders o join payment.payments p using (order_id) join inventory.reservations r using (order_id)
       join notification.notifications n using (order_id) where order_id = $1`,
    [orderId],
  );
  return { rows, mails: world.mails.length, sums: await shopSums(world.db.owner) };
}

async function finishAll(orderId: OrderId): Promise<void> {
  for (const service of services) await world.finished(service, orderId);
}

test('a forgotten order is brought back by none of its events, by no look and by no sweep', async () => {
  const orderId = await world.place();
  await finishAll(orderId);
  const events = await eventsOf(orderId);
  expect(events.map(({ type }) => type)).toEqual([
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservedEvent',
    'OrderCompletedNotificationSentEvent',
  ]);
  expect(await forgetEverything(world.db)).toMatchObject({ orders: 1, kept: 0 });
  const before = await standing(orderId);
  expect(before).toMatchObject({
    rows: [
      { order: 'COMPLETED', payment: 'CONFIRMED', inventory: 'RESERVED', notification: 'SENT', attempts: 0 },
    ],
    mails: 1,
  });

  expect(await sweepAll(world)).toBe(false);
  const deliver = deliverBySignal(choreography, world.env.client);
  for (const event of events)
    for (const subscriber of subscribersOf(choreography, event.type, null)) await deliver(subscriber, event);
  const { wake } = sweepSignals(choreography, world.env.client);
  for (const service of services) await wake(service, orderId);
  await finishAll(orderId);

  expect(await standing(orderId)).toEqual(before);
  expect(await eventsOf(orderId)).toEqual([]);
  // Nobody can prove any more that the signals are genuine.
  expect((await quarantined(world.db.owner, orderId)).toSorted()).toEqual([
    'inventory NOT_IN_JOURNAL',
    'notification NOT_IN_JOURNAL',
    'order NOT_IN_JOURNAL',
    'order NOT_IN_JOURNAL',
    'order NOT_IN_JOURNAL',
    'payment NOT_IN_JOURNAL',
    'payment NOT_IN_JOURNAL',
  ]);
  expect(await sweepAll(world)).toBe(false);
  expect(await auditDatabase(world.db.owner, new Date())).toEqual([]);
});
