import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventIdOf } from '../../core/event-id.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { services, type Service } from '../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { tablesOf } from '../support/tables-of.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const REFUSED = '42501';

test('a balance cannot become negative, nor can stock', async () => {
  await expect(
    db.pools.payment.query(`update payment.wallets set balance = balance - 2000 where customer_id = 'bob'`),
  ).rejects.toMatchObject({ constraint: 'no_negative_balance' });
  await expect(
    db.pools.inventory.query(`update inventory.stock set available = -1 where sku = 'mouse'`),
  ).rejects.toMatchObject({ constraint: 'no_oversell' });
});

test('an order is charged once and refunded once', async () => {
  const charge = (orderId: string, kind: string, amount: number) =>
    db.pools.payment.query(
      `insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at) values ('alice', $2, $3, $1, now())`,
      [orderId, kind, amount],
    );
  const orderId = randomUUID();
  await charge(orderId, 'CHARGE', -1);
  await expect(charge(orderId, 'CHARGE', -1)).rejects.toMatchObject({
    constraint: 'charged_and_refunded_once',
  });
  await charge(orderId, 'REFUND', 1);
  await expect(charge(orderId, 'REFUND', 1)).rejects.toMatchObject({
    constraint: 'charged_and_refunded_once',
  });
  await expect(charge(randomUUID(), 'CHARGE', 1)).rejects.toMatchObject({ constraint: 'direction' });
});

test('a product is reserved once for an order', async () => {
  const orderId = randomUUID();
  const reserve = () =>
    db.pools.inventory.query(
      `insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, order_id, at)
       values ('mouse', 'RESERVE', -1, 1, $1, now())`,
      [orderId],
    );
  await reserve();
  await expect(reserve()).rejects.toMatchObject({ constraint: 'reserved_and_released_once' });
});

test.each([
  ['payment', 'payment.wallet_ledger'],
  ['inventory', 'inventory.stock_ledger'],
  ['order', 'orders.status_history'],
  ['notification', 'notification.operator_actions'],
  ['payment', 'journal.events'],
] as const)('%s cannot take back what is in %s', async (service, table) => {
  await expect(db.pools[service].query(`delete from ${table}`)).rejects.toMatchObject({ code: REFUSED });
  await expect(db.pools[service].query(`truncate ${table}`)).rejects.toMatchObject({ code: REFUSED });
  const column =
    table === 'journal.events'
      ? 'payload = payload'
      : table === 'orders.status_history'
        ? 'status = status'
        : 'at = at';
  await expect(db.pools[service].query(`update ${table} set ${column}`)).rejects.toMatchObject({
    code: REFUSED,
  });
});

const others = services.flatMap((role) =>
  services.filter((other) => other !== role).map((other) => [role, other] as const),
);

test.each(others)('the role of %s reaches nothing of %s', async (role, other) => {
  const { rows } = await tablesOf(db.owner, other);
  await expect(db.pools[role].query(`select 1 from ${rows}`)).rejects.toMatchObject({
    code: REFUSED,
  });
});

/** Appends an OrderCreatedEvent of a new order. */
async function append(service: Service, column = '', value = ''): Promise<EventId> {
  const orderId = randomUUID() as OrderId;
  const eventId = eventIdOf(orderId, 'OrderCreatedEvent', null);
  await db.pools[service].query(
    `insert into journal.events (event_id, order_id, type, version, correlation_id, occurred_at, payload${column && `, ${column}`})
     values ($1, $2, 'OrderCreatedEvent', 1, $2, now(), '{}'${value && `, ${value}`})`,
    [eventId, orderId],
  );
  return eventId;
}

test('nobody chooses in whose name an event is published', async () => {
  await expect(append('inventory', 'published_by', `'order_service'`)).rejects.toMatchObject({
    code: REFUSED,
  });
  await expect(append('order', 'published_by', `'order_service'`)).rejects.toMatchObject({ code: REFUSED });
  const { rows } = await db.owner.query(`select published_by from journal.events where event_id = $1`, [
    await append('order'),
  ]);
  expect(rows).toEqual([{ published_by: 'order_service' }]);
});

test('a service marks the deliveries of its own events only, at a time that there is', async () => {
  const eventId = await append('order');
  const mark = (service: Service, at = 'now') =>
    db.pools[service].query(
      `update journal.events set delivered_at = $2, delivered_to = '{payment}' where event_id = $1`,
      [eventId, at],
    );
  expect((await mark('payment')).rowCount).toBe(0);
  expect((await mark('order')).rowCount).toBe(1);
  await expect(mark('order', 'infinity')).rejects.toMatchObject({ code: REFUSED });
});

test('a service can add to the quarantine, and not read what is in it', async () => {
  await expect(db.pools.payment.query(`select body from journal.quarantine`)).rejects.toMatchObject({
    code: REFUSED,
  });
});

test('a service reaches neither the record of operators nor what says that an entry was redriven', async () => {
  for (const service of services)
    for (const statement of [
      `select 1 from journal.operator_actions`,
      `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
       values ('x', 'NOTIFICATION_RETRY', '${randomUUID()}', 'NOT_PARKED', '')`,
      `update journal.quarantine set first_seen_at = now()`,
    ])
      await expect(db.pools[service].query(statement)).rejects.toMatchObject({ code: REFUSED });
});

test.each(services)('the role for operators does not see the rows of %s', async (service) => {
  const { rows } = await tablesOf(db.owner, service);
  await expect(db.pools.operator.query(`select 1 from ${rows}`)).rejects.toMatchObject({ code: REFUSED });
});

test.each([
  `select 1 from notification.contacts`,
  `select 1 from payment.wallets`,
  `insert into journal.events (event_id, order_id, type, version, correlation_id, occurred_at, payload)
   values ('${randomUUID()}', '${randomUUID()}', 'OrderCreatedEvent', 1, '${randomUUID()}', now(), '{}')`,
  `update journal.events set delivered_at = now(), delivered_to = '{}'`,
  `insert into journal.quarantine (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
   values ('order', '${randomUUID()}', 'w', 'r', 's', 'SCHEMA', 'd', 'b', 'x', 1)`,
  `update journal.quarantine set seen = 1`,
  `delete from journal.quarantine`,
  `update orders.attention set cleared_at = now()`,
  `insert into notification.operator_actions values ('a', '${randomUUID()}', 'o', 'RETRY', now())`,
  `insert into journal.operator_actions (operator, action, order_id, outcome, detail, at)
   values ('x', 'NOTIFICATION_RETRY', '${randomUUID()}', 'NOT_PARKED', '', now())`,
  `update journal.operator_actions set operator = 'somebody else'`,
  `delete from journal.operator_actions`,
  `truncate journal.operator_actions`,
  `insert into faults.changes (operator, service, settings, at) values ('x', 'order', '{}', now())`,
  `update faults.changes set operator = 'somebody else'`,
  `delete from faults.changes`,
  `truncate faults.changes`,
])('the role for operators may not: %s', async (statement) => {
  await expect(db.pools.operator.query(statement)).rejects.toMatchObject({ code: REFUSED });
});

test('the role for operators reads what it decides by', async () => {
  for (const table of ['journal.events', 'journal.quarantine', 'notification.operator_actions'])
    await db.pools.operator.query(`select * from ${table}`);
  await db.pools.operator.query(`select order_id, code, since, cleared_at from orders.attention`);
});

test('a redrive on the record names its entry', async () => {
  const record = (action: string) =>
    db.pools.operator.query(
      `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
       values ('x', $1, $2, 'NOT_PARKED', '')`,
      [action, randomUUID()],
    );
  await record('NOTIFICATION_RETRY');
  for (const action of ['REDRIVE', 'DISMISSAL'])
    await expect(record(action)).rejects.toMatchObject({ constraint: 'an_action_on_an_entry_names_it' });
});

const switchFaults = (service: Service) =>
  db.pools.operator.query(
    `insert into faults.changes (operator, service, settings) values ('Ann', $1, '{}')`,
    [service],
  );

test.each(services)(
  '%s reads its own faults only, not who switched them, and switches none',
  async (role) => {
    for (const service of services) await switchFaults(service);
    const { rows } = await db.pools[role].query(`select distinct service from faults.changes`);
    expect(rows).toEqual([{ service: role }]);
    for (const statement of [
      `select operator from faults.changes`,
      `insert into faults.changes (service, settings) values ('${role}', '{}')`,
      `insert into faults.changes (operator, service, settings) values ('x', '${role}', '{}')`,
      `update faults.changes set settings = '{}'`,
      `delete from faults.changes`,
      `truncate faults.changes`,
    ])
      await expect(db.pools[role].query(statement)).rejects.toMatchObject({ code: REFUSED });
  },
);

test('who only watches does not see faults; and what cannot be a service has none', async () => {
  await expect(db.pools.observer.query(`select 1 from faults.changes`)).rejects.toMatchObject({
    code: REFUSED,
  });
  await expect(switchFaults('No service' as Service)).rejects.toMatchObject({
    constraint: 'changes_service_check',
  });
});
