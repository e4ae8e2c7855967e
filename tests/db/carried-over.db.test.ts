import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { loginRoles } from '../../db/logins.js';
import { migrateSchema } from '../../db/migrate.js';
import { OWNER, provideOwner } from '../../db/owner.js';
import { dueAt as orderDueAt } from '../../db/order/order-row.js';
import { orderStore } from '../../db/order/orders.js';
import { dueAt as paymentDueAt, type PaymentRow } from '../../db/payment/payment-row.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { OrderId } from '../../schemas/ids.js';
import { orderStatuses } from '../../schemas/order-status.js';
import { databaseUrl } from '../support/database.js';
import { shopSums } from '../support/shop-sums.js';

// A database of the release before deadlines, delivery marks that say to whom, and limits; then all that came since.
const FIRST_SINCE = '0012';
const folder = fileURLToPath(new URL('../../db/migrations', import.meta.url));

const clusterUrl = process.env['TEST_DATABASE_URL'] ?? '';
const name = `test_${randomUUID().replaceAll('-', '')}`;
let owner: pg.Client;
let pool: Pool;
beforeAll(async () => {
  await inCluster(`create database ${name}`);
  const url = databaseUrl(clusterUrl, name);
  owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await provideOwner(owner, loginRoles);
  await migrateUpTo(FIRST_SINCE);
  await fill();
  await migrateSchema(owner);
  pool = createPool({ url, applicationName: 'test of what is carried over', onError: () => undefined });
});
afterAll(async () => {
  await Promise.all([pool.end(), owner.end()]);
  await inCluster(`drop database ${name}`);
});

async function inCluster(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function migrateUpTo(first: string): Promise<void> {
  const before = (await readdir(folder)).filter((file) => file < first);
  await owner.query(`set role ${OWNER}`);
  await runner({
    dbClient: owner,
    dir: folder,
    direction: 'up',
    count: before.length,
    migrationsTable: 'migrations',
    singleTransaction: true,
    log: () => undefined,
  });
  await owner.query('reset role');
}

const idOf = (kind: string, number: number) =>
  `00000000-0000-4000-8000-${kind.charCodeAt(0).toString(16).padStart(4, '0')}${String(number).padStart(8, '0')}`;
const paymentStatuses = ['NOTHING', 'CHARGED', 'SETTLED', 'REFUNDED', 'DECLINED', 'VOID'] as const;
const notificationStatuses = ['NOTHING', 'SENDING', 'SENT', 'FAILED', 'REVOKED'] as const;
const orderId = (number: number) => idOf('order', number) as OrderId;
const paymentId = (number: number) => idOf('payment', number) as OrderId;
const OVERDUE = orderStatuses.length;

/** A row in each state, as that release stored it. */
async function fill(): Promise<void> {
  const failures: readonly string[] = ['PAYMENT_FAILED', 'OUT_OF_STOCK'];
  for (const [number, status] of [...orderStatuses, 'INVENTORY_RESERVED'].entries())
    await owner.query(
      `with stored as (insert into orders.orders (order_id, customer_id, items, total, currency, status, reason,
           correlation_id, wait_cause_id, payment_due_at, saga_due_at, created_at, updated_at)
         values ($1, 'alice', '[]', 700, 'KRW', $2, $3, $1, $1, now() + interval '5 min', now() + interval '10 min', now(), now()))
       insert into orders.status_history values ($1, 1, $2, now(), null)`,
      [orderId(number), status, failures.includes(status) ? 'NO_WALLET' : null],
    );
  await owner.query(`insert into orders.attention values ($1, 'NOTIFICATION_OVERDUE', now(), null)`, [
    orderId(OVERDUE),
  ]);
  for (const [number, status] of paymentStatuses.entries())
    await owner.query(
      `with applied as (insert into payment.inbox values ($1::uuid::text, $1::uuid, 'run', $2))
       insert into payment.payments (order_id, status, reason, customer_id, amount, currency, correlation_id, wait_cause_id,
         answer_by, updated_at)
       values ($1::uuid, $2, $3, 'alice', 700, 'KRW', $1::uuid, $1::uuid, now() + interval '3 min', now())`,
      [
        paymentId(number),
        status,
        ['REFUNDED', 'DECLINED', 'VOID'].includes(status) ? 'ORDER_CANCELLED' : null,
      ],
    );
  for (const [number, status] of notificationStatuses.entries())
    await owner.query(
      `insert into notification.notifications (order_id, status, round, announced, customer_id, items, total, currency,
         cause_id, correlation_id, sent_at, updated_at)
       values ($1, $2, 1, $2 = 'SENT', 'alice', '[]', 700, 'KRW', $1, $1, case $2 when 'SENT' then now() end, now())`,
      [idOf('notification', number), status],
    );
  await owner.query(`
    insert into payment.wallets values ('alice', 'KRW', 8600);
    insert into payment.wallet_ledger (customer_id, kind, amount, order_id, idempotency_key, at) values
      ('alice', 'DEPOSIT', 10000, null, 'seed', now()), ('alice', 'CHARGE', -700, '${paymentId(1)}', null, now()),
      ('alice', 'CHARGE', -700, '${paymentId(2)}', null, now()), ('alice', 'CHARGE', -700, '${paymentId(3)}', null, now()),
      ('alice', 'REFUND', 700, '${paymentId(3)}', null, now());
    insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload,
      published_by, delivered_at) values
      ('${idOf('event', 1)}', '${orderId(0)}', 'OrderCreatedEvent', 1, '${orderId(0)}', null, now(), '{}', 'order_service', now()),
      ('${idOf('event', 2)}', '${orderId(0)}', 'PaymentFailedEvent', 1, '${orderId(0)}', null, now(), '{}', 'payment_service', null);`);
}

const storedDue = async (table: string, id: string): Promise<number | null> => {
  const { rows } = await pool.query<{ due: Date | null }>(
    `select due_at as due from ${table} where order_id = $1`,
    [id],
  );
  return rows[0]?.due?.getTime() ?? null;
};

test.each([...[...orderStatuses, 'INVENTORY_RESERVED, overdue'].entries()])(
  'an order of before waits as its row says (%i: %s)',
  async (number) => {
    const row = await orderStore(pool).transaction((tx) => tx.read(orderId(number)));
    if (!row) throw new Error('the order is gone');
    expect(await storedDue('orders.orders', orderId(number))).toBe(orderDueAt(row));
    const isWaiting = [0, 2, 4].includes(number);
    expect(orderDueAt(row) !== null).toBe(isWaiting);
  },
);

test('a payment of before waits as its row says; one that was settled is confirmed', async () => {
  const rows = await Promise.all(
    paymentStatuses.map((_, number) => paymentStore(pool).transaction((tx) => tx.read(paymentId(number)))),
  );
  const found = rows as readonly PaymentRow[];
  expect(found.map(({ status }) => status)).toEqual(
    paymentStatuses.map((status) => (status === 'SETTLED' ? 'CONFIRMED' : status)),
  );
  for (const [number, row] of found.entries())
    expect(await storedDue('payment.payments', paymentId(number))).toBe(paymentDueAt(row));
  const { rows: outcomes } = await pool.query(`select outcome from payment.inbox where key = $1`, [
    paymentId(2),
  ]);
  expect(outcomes).toEqual([{ outcome: 'CONFIRMED' }]);
});

test('a notification of before that is being sent is due after an attempt and a pause, and no other', async () => {
  const { rows } = await pool.query<{ status: string; seconds: number | null }>(
    `select status, extract(epoch from due_at - updated_at)::int as seconds from notification.notifications order by order_id`,
  );
  expect(rows).toEqual(
    notificationStatuses.map((status) => ({ status, seconds: status === 'SENDING' ? 90 : null })),
  );
});

test('what was delivered before was delivered to everybody, and nothing else was', async () => {
  const { rows } = await pool.query(`select type, delivered_to as "to" from journal.events order by seq`);
  expect(rows).toEqual([
    { type: 'OrderCreatedEvent', to: ['order', 'payment', 'inventory', 'notification'] },
    { type: 'PaymentFailedEvent', to: null },
  ]);
});

test('what was charged before and not refunded counts as such', async () => {
  expect(await shopSums(pool)).toMatchObject({ ledgersAgree: true, balance: { alice: 8_600 } });
  const { rows } = await pool.query(`select charged from payment.wallets`);
  expect(rows).toEqual([{ charged: 1_400 }]);
});
