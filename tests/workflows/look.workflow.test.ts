import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import { services } from '../../schemas/services.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { placementOf } from '../support/saga-world.js';
import { until } from '../support/until.js';
import { Act, gate, settings } from './histories/scenes.js';
import { openStage, type Stage } from './histories/stage.js';

let stage: Stage;
beforeAll(async () => {
  installQuietRuntime();
  stage = await openStage({ settings: settings.patient });
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

const sql = async <Row extends object>(act: Act, text: string): Promise<readonly Row[]> =>
  (await stage.db.owner.query<Row>(text, [act.orderId])).rows;

const statusIn = async (act: Act, table: string): Promise<string | undefined> =>
  (await sql<{ status: string }>(act, `select status from ${table} where order_id = $1`))[0]?.status;

/** The events of this type that every subscriber has, and those that wait in the journal. */
const deliveries = (act: Act, type: string): Promise<readonly { delivered: boolean }[]> =>
  sql(
    act,
    `select delivered_at is not null as delivered from journal.events where order_id = $1 and type = '${type}'`,
  );

async function charged(): Promise<Act> {
  const act = new Act(stage);
  await act.tell('payment', 'OrderCreatedEvent');
  await act.waits('payment', 'the reservation');
  return act;
}

async function parked(): Promise<Act> {
  const act = new Act(stage);
  await act.tell('notification', 'InventoryReservedEvent');
  await act.parked();
  return act;
}

test('an order that waits goes by the deadline that its row has by now', async () => {
  const act = new Act(stage);
  await act.place();
  await act.waits('order', 'the payment');
  await sql(act, `update orders.orders set payment_due_at = now() - interval '1 s' where order_id = $1`);
  await act.wake('order');
  await act.closed('order');
  expect(await statusIn(act, 'orders.orders')).toBe('PAYMENT_FAILED');
});

test('a payment that waits goes by the deadline that its row has by now', async () => {
  const act = await charged();
  await sql(act, `update payment.payments set answer_by = now() - interval '1 s' where order_id = $1`);
  await act.wake('payment');
  await act.closed('payment');
  expect(await statusIn(act, 'payment.payments')).toBe('REFUNDED');
});

test('a payment that waits publishes what is undelivered, and waits on', async () => {
  const act = await charged();
  await sql(
    act,
    `update journal.events set delivered_at = null, delivered_to = null
     where order_id = $1 and type = 'PaymentCompletedEvent'`,
  );
  await act.wake('payment');
  await act.waits('payment', 'the reservation', 2);
  expect(await deliveries(act, 'PaymentCompletedEvent')).toEqual([{ delivered: true }]);
  await act.tell('payment', 'InventoryReservedEvent');
  await act.closed('payment');
  expect(await statusIn(act, 'payment.payments')).toBe('CONFIRMED');
});

test('a parked notification whose old attempt got through announces it, and closes', async () => {
  const act = await parked();
  await act.order.publish('OrderCompletedNotificationSentEvent', { uncertain: false });
  await sql(
    act,
    `update notification.notifications set status = 'SENT', announced = true, sent_at = now() where order_id = $1`,
  );
  await act.wake('notification');
  await act.closed('notification');
  expect(await deliveries(act, 'OrderCompletedNotificationSentEvent')).toEqual([{ delivered: true }]);
});

test('a parked notification that the database has forgotten closes, and begins when it is told again', async () => {
  const act = new Act(stage);
  const reserved = await act.order.publish('InventoryReservedEvent');
  await stage.signal('notification', act.orderId, reserved);
  await act.parked();
  const forget = async () => {
    for (const table of ['attempts', 'notifications', 'inbox'])
      await sql(act, `delete from notification.${table} where order_id = $1`);
    await sql(
      act,
      `delete from journal.events where order_id = $1 and published_by = 'notification_service'`,
    );
  };
  await forget();
  await stage.signal('notification', act.orderId, reserved);
  await act.parked();
  expect(stage.runsOf(act.orderId)).toHaveLength(1);
  await forget();
  await act.wake('notification');
  await act.closed('notification');
  expect(await statusIn(act, 'notification.notifications')).toBeUndefined();
});

test('a notification publishes what is undelivered while an attempt is in flight, which goes on', async () => {
  const act = new Act(stage);
  const [begun, mayEnd] = [gate(), gate()];
  let mails = 0;
  stage.sendMail = async () => {
    mails++;
    begun.open();
    await mayEnd.opened;
  };
  await act.tell('notification', 'InventoryReservedEvent');
  await begun.opened;
  await act.order.publish('OrderCompletedNotificationFailedEvent');
  await act.wake('notification');
  await until(
    async () => (await deliveries(act, 'OrderCompletedNotificationFailedEvent'))[0]?.delivered === true,
  );
  expect(await statusIn(act, 'notification.notifications')).toBe('SENDING');
  mayEnd.open();
  await act.closed('notification');
  expect([await statusIn(act, 'notification.notifications'), mails]).toEqual(['SENT', 1]);
});

test('a look starts a participant that has closed, which publishes what is undelivered', async () => {
  const act = new Act(stage);
  const data = { customerId: 'bob', items: placementOf('bob', 'mouse').items as never };
  await stage.signal('payment', act.orderId, await act.order.publish('OrderCreatedEvent', data));
  await act.closed('payment');
  await sql(
    act,
    `update journal.events set delivered_at = null, delivered_to = null
     where order_id = $1 and type = 'PaymentFailedEvent'`,
  );
  await act.wake('payment');
  await act.closed('payment');
  expect(await deliveries(act, 'PaymentFailedEvent')).toEqual([{ delivered: true }]);
  expect(stage.runsOf(act.orderId)).toHaveLength(2);
});

test.each(services)('a look at what %s has never heard of leaves nothing behind', async (service) => {
  const act = new Act(stage);
  await act.wake(service);
  await act.closed(service);
  expect(await sql(act, `select from journal.events where order_id = $1`)).toEqual([]);
  expect(await sql(act, `select from journal.quarantine where order_id = $1`)).toEqual([]);
});

test('a look that carries something is quarantined, and wakes nobody', async () => {
  const act = await charged();
  await stage.signal('payment', act.orderId, { type: LOOK, payload: {} });
  await act.tell('payment', 'InventoryReservedEvent');
  await act.closed('payment');
  const quarantined = await sql(
    act,
    `select signal_name, reason, body, seen from journal.quarantine where order_id = $1`,
  );
  expect(quarantined).toEqual([{ signal_name: LOOK, reason: 'UNKNOWN_EVENT', body: '[{}]', seen: 1 }]);
});
