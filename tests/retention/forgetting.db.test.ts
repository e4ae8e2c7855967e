import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { orderFacts } from '../../db/monitoring/order-facts.js';
import { Forgetting, type Forgotten } from '../../db/retention/forgetting.js';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone, type RunOrder } from '../support/effects-alone.js';
import { ageOrders } from '../support/past.js';
import { placementOf } from '../support/saga-world.js';
import { auditDatabase } from '../../tools/audit/findings.js';

const DAY = 86_400_000;

let db: TestDatabase;
let run: RunOrder;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  run = effectsAlone(db);
});
afterAll(() => db.close());

/** One pass; `days` as RETAIN_ORDERS. */
async function forget(days: number, isDryRun = false): Promise<Forgotten> {
  const forgetting = new Forgetting(db.pools.operator, { retainMs: days * DAY, isDryRun, batch: 2 });
  while (await forgetting.step());
  return forgetting.sum;
}

const forgottenTables = [
  ...['journal.events', 'journal.drops', 'journal.quarantine', 'journal.unfinished'],
  ...['orders.inbox', 'payment.inbox', 'inventory.inbox', 'notification.inbox'],
  ...['feed.entries', 'notification.attempts', 'orders.claims'],
] as const;

const keptTables = [
  ...['orders.orders', 'orders.status_history', 'payment.payments', 'payment.wallet_ledger'],
  ...['inventory.reservations', 'inventory.stock_ledger', 'notification.notifications'],
] as const;

async function rowsOf(table: string, orderId: OrderId): Promise<readonly unknown[]> {
  const { rows } = await db.owner.query<object>(`select * from ${table} where order_id = $1 order by 1`, [
    orderId,
  ]);
  return rows;
}

const countIn = async (tables: readonly string[], orderId: OrderId) =>
  Promise.all(tables.map(async (table) => [table, (await rowsOf(table, orderId)).length] as const));

/** A row of each kind that a saga rarely leaves. */
async function addRarities(orderId: OrderId): Promise<void> {
  for (const service of services) {
    await db.owner.query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
       values ($1, $2, $2, 'r', 'REPEAT', 2)`,
      [service, orderId],
    );
    await db.owner.query(
      `insert into journal.unfinished (service, order_id, why, rested_at) values ($1, $2, 'DUE', now())`,
      [service, orderId],
    );
    await refuse(orderId);
  }
  await dismissAll(orderId);
}

async function refuse(orderId: string, eventId: string | null = null): Promise<void> {
  await db.owner.query(
    `insert into journal.quarantine
       (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen, event_id)
     values ('payment', $1, 'w', $2, 's', 'SCHEMA', '', 'b', 'd', 1, $3)`,
    [orderId, randomUUID(), eventId],
  );
}

async function dismissAll(orderId: string): Promise<void> {
  await db.owner.query(
    `insert into journal.operator_actions (operator, action, order_id, quarantine_id, seen, outcome, detail)
     select 'Ann', 'DISMISSAL', order_id, quarantine_id, seen, 'DISMISSED', '' from journal.quarantine where order_id = $1`,
    [orderId],
  );
}

beforeEach(async () => void (await forget(-1)));

test('what is at rest for long enough is forgotten in each table, and the rows that decide stay', async () => {
  const orderId = await run(placementOf('alice', 'mouse'));
  await addRarities(orderId);
  for (const [table, count] of await countIn(forgottenTables, orderId))
    expect([table, count > 0]).toEqual([table, true]);
  await ageOrders(db.owner, 10);
  const kept = await Promise.all(keptTables.map((table) => rowsOf(table, orderId)));

  expect(await forget(11)).toMatchObject({ orders: 0 });
  expect(await forget(9, true)).toEqual({ orders: 1, entries: 0, kept: 0, strays: 0 });
  expect((await rowsOf('journal.events', orderId)).length).toBe(4);

  const { orders, entries } = await forget(9);
  expect(orders).toBe(1);
  expect(entries).toBeGreaterThan(40);
  expect(await countIn(forgottenTables, orderId)).toEqual(forgottenTables.map((table) => [table, 0]));
  expect(await Promise.all(keptTables.map((table) => rowsOf(table, orderId)))).toEqual(kept);
  expect(await forget(9)).toMatchObject({ orders: 0, kept: 0 });
});

test('the auditor finds nothing afterwards, whatever became of the orders', async () => {
  await run(placementOf('alice', 'mouse', 2));
  await run(placementOf('alice', 'figurine'));
  await run(placementOf('bob', 'keyboard'));
  await ageOrders(db.owner, 10);
  expect(await forget(9)).toMatchObject({ orders: 3, kept: 0 });
  expect(await auditDatabase(db.owner, new Date())).toEqual([]);
});

test.each([
  ['told', 'true'],
  // By an attempt of unknown fate, which its cancellation has made known.
  ['perhaps told', `type <> 'OrderCompletedNotificationSentEvent'`],
])('what is measured of an order that was %s stays the same', async (_, isCertain) => {
  const orderId = await run(placementOf('alice', 'mouse'));
  await db.owner.query(
    `update journal.events set causation_id = order_id where order_id = $1 and not (${isCertain})`,
    [orderId],
  );
  await ageOrders(db.owner, 10);
  const measured = () => db.owner.query<object>(orderFacts('placed.order_id = $1'), [orderId]);
  const { rows: before } = await measured();
  expect(before).toHaveLength(1);
  expect(await forget(9)).toMatchObject({ orders: 1 });
  expect((await measured()).rows).toEqual(before);
});

test('what was dropped and refused counts on, for the hour of its order; a refused signal once', async () => {
  const orderId = await run(placementOf('alice', 'mouse'));
  await addRarities(orderId);
  await db.owner.query(`update journal.quarantine set seen = 3 where order_id = $1`, [orderId]);
  await dismissAll(orderId);
  await ageOrders(db.owner, 40);
  expect(await forget(39)).toMatchObject({ orders: 1 });
  const { rows } = await db.owner.query(
    `select what, service, amount from retention.counts
     where hour = (select date_trunc('hour', created_at) from orders.orders where order_id = $1) order by what, service`,
    [orderId],
  );
  const repeats = services.toSorted().map((service) => ({ what: 'REPEAT', service, amount: 2 }));
  expect(rows).toEqual([{ what: 'QUARANTINED', service: 'payment', amount: services.length }, ...repeats]);
});

describe('an order stays as it is', () => {
  const open: Readonly<Record<string, (orderId: OrderId) => Promise<unknown>>> = {
    'while it is not final': (orderId) => update('orders.orders', `status = 'INVENTORY_RESERVED'`, orderId),
    'while a wait of a service has not ended': (orderId) =>
      update('payment.payments', `due_at = now() + interval '1 hour'`, orderId),
    'while a notification is parked': (orderId) =>
      update('notification.notifications', `status = 'FAILED'`, orderId),
    'while an event is not delivered': (orderId) =>
      update(
        'journal.events',
        `delivered_at = null, delivered_to = null`,
        orderId,
        `type = 'PaymentCompletedEvent'`,
      ),
    'while a service has no trace of an event that it got': (orderId) =>
      db.owner.query(`delete from inventory.inbox where order_id = $1`, [orderId]),
    'while a service has unfinished work': (orderId) =>
      db.owner.query(`insert into journal.unfinished (service, order_id, why) values ('order', $1, 'DUE')`, [
        orderId,
      ]),
    'while it needs a person': (orderId) =>
      db.owner.query(
        `insert into orders.attention (order_id, code, since) values ($1, 'CUSTOMER_TOLD_THEN_REFUNDED', now())`,
        [orderId],
      ),
    'while a refused signal waits for an operator': async (orderId) => {
      await refuse(orderId);
      await ageOrders(db.owner, 10);
    },
    'while a signal was refused again after its dismissal': async (orderId) => {
      await refuse(orderId);
      await dismissAll(orderId);
      await update('journal.quarantine', 'seen = 2', orderId);
      await ageOrders(db.owner, 10);
    },
    'where something has happened since': (orderId) =>
      update(
        'journal.events',
        `delivered_at = now()`,
        orderId,
        `type = 'OrderCompletedNotificationSentEvent'`,
      ),
  };

  const update = (table: string, set: string, orderId: OrderId, where = 'true') =>
    db.owner.query(`update ${table} set ${set} where order_id = $1 and ${where}`, [orderId]);

  test.each(Object.entries(open))('%s', async (_, make) => {
    const orderId = await run(placementOf('alice', 'mouse'));
    await ageOrders(db.owner, 10);
    await make(orderId);
    const before = await countIn(forgottenTables, orderId);
    expect(await forget(9)).toMatchObject({ orders: 0 });
    expect(await countIn(forgottenTables, orderId)).toEqual(before);
    for (const table of ['orders.attention', 'journal.unfinished', 'journal.events', 'orders.status_history'])
      await db.owner.query(`delete from ${table} where order_id = $1`, [orderId]);
    await db.owner.query(`delete from orders.orders where order_id = $1`, [orderId]);
  });
});

test('refused signals that belong to no order, or to a forgotten one, go with their age', async () => {
  const past = await run(placementOf('alice', 'mouse'));
  await ageOrders(db.owner, 10);
  await forget(9);
  const nobody = randomUUID() as OrderId;
  await refuse(past);
  await refuse(nobody);
  await ageOrders(db.owner, 10);
  const young = randomUUID() as OrderId;
  await refuse(young);
  expect(await forget(9, true)).toMatchObject({ strays: 2 });
  expect(await forget(9)).toMatchObject({ strays: 2 });
  for (const orderId of [past, nobody])
    expect(await countIn(['journal.quarantine', 'feed.entries'], orderId)).toEqual([
      ['journal.quarantine', 0],
      ['feed.entries', 0],
    ]);
  expect((await rowsOf('journal.quarantine', young)).length).toBe(1);
});

test('several at once forget each order once', async () => {
  for (let n = 0; n < 6; n++) await run(placementOf('alice', 'mouse'));
  await ageOrders(db.owner, 10);
  const sums = await Promise.all([forget(9), forget(9), forget(9)]);
  expect(sums.reduce((sum, { orders }) => sum + orders, 0)).toBe(6);
  const { rows } = await db.owner.query(`select count(*)::int as left from journal.events`);
  expect(rows).toEqual([{ left: 0 }]);
});

const REFUSED = { code: '42501' };

test('only operators may ask for it, and nobody can do more than ask', async () => {
  for (const service of [...services, 'observer'] as const)
    await expect(
      db.pools[service].query(`select retention.forget_orders(now(), '-infinity', 1, false)`),
    ).rejects.toMatchObject(REFUSED);
  for (const statement of [
    `select retention.forget_all_of('{}')`,
    `select journal.forget('{}')`,
    `delete from journal.events`,
    `delete from feed.entries`,
    `insert into retention.moments (order_id) values (gen_random_uuid())`,
  ])
    await expect(db.pools.operator.query(statement)).rejects.toMatchObject(REFUSED);
});
