import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditDatabase } from '../../scripts/audit/findings.js';
import { auditRules } from '../../scripts/audit/rules.js';
import { findRunning, ordersNotIn } from '../../scripts/audit/system.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const id = '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e5f';
const other = '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e60';

const order = (status: string, more = 'told_at = null') => `
  insert into orders.orders (order_id, customer_id, items, total, currency, status, reason, correlation_id, wait_cause_id,
      payment_due_at, saga_due_at, created_at, updated_at)
    values ('${id}', 'alice', '[{"sku":"mouse","quantity":1}]', 25000, 'KRW', '${status}',
      case when '${status}' in ('PAYMENT_FAILED', 'OUT_OF_STOCK') then 'OUT_OF_STOCK' end, '${other}', '${other}',
      now() - interval '2 hours', now() - interval '1 hour', now() - interval '3 hours', now() - interval '1 hour');
  update orders.orders set ${more} where order_id = '${id}';`;
const path = (...states: readonly string[]) =>
  states
    .map((status, i) => `insert into orders.status_history values ('${id}', ${i}, '${status}', now(), null);`)
    .join('\n');
const happyPath = path('PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED');
const charge = `
  update payment.wallets set balance = balance - 25000 where customer_id = 'alice';
  insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at) values ('alice', 'CHARGE', -25000, '${id}', now());`;
const reserve = `
  update inventory.stock set available = available - 1, reserved = reserved + 1 where sku = 'mouse';
  insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, order_id, at)
    values ('mouse', 'RESERVE', -1, 1, '${id}', now());`;
const notification = (status: string) => `
  insert into notification.notifications (order_id, status, round, announced, customer_id, items, total, currency, cause_id,
      correlation_id, sent_at, updated_at)
    values ('${id}', '${status}', 1, true, 'alice', '[]', 25000, 'KRW', '${other}', '${other}', now(), now() - interval '1 hour');`;
const attempt = (number: number, begun: string) => `
  insert into notification.attempts (order_id, round, number, begun_at, ended_at, fate)
    values ('${id}', 1, ${number}, now() - interval '${begun}', now() - interval '30 minutes', 'ACCEPTED');`;
const event = (type: string, by: string, cause = 'null') => `
  insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by,
      recorded_at, delivered_at)
    values ('${id}', '${id}', '${type}', 1, '${other}', ${cause}, now(), '{}', '${by}', now() - interval '1 hour', now());`;
const completed = order('COMPLETED', 'told_at = now()') + happyPath + charge + reserve + notification('SENT');

/** What breaks each rule, beginning with a shop that is in order. */
const breaches: Readonly<Record<string, string>> = {
  'a wallet is not the sum of its ledger': `update payment.wallets set balance = balance + 1 where customer_id = 'alice'`,
  'a stock is not the sum of its ledger': `update inventory.stock set available = available - 1 where sku = 'mouse'`,
  'a completed order is not charged exactly once, its total': completed.replace(charge, ''),
  'the pieces of a completed order are not reserved exactly once': completed.replace(reserve, ''),
  'nobody was told of a completed order': completed.replace(notification('SENT'), ''),
  'an order that failed is still charged': order('OUT_OF_STOCK') + charge,
  'an order that failed still holds stock': order('OUT_OF_STOCK') + reserve,
  'the status is not the last one of its history': order('PAYMENT_FAILED') + path('PENDING_PAYMENT'),
  'the order took a step that there is not': order('COMPLETED') + path('PENDING_PAYMENT', 'COMPLETED'),
  'the customer was told of an order that was then undone, and nobody is called': order(
    'OUT_OF_STOCK',
    'told_at = now()',
  ),
  'an event was published by somebody else than its service': event('OrderCreatedEvent', 'payment_service'),
  'an event has no cause in the journal': event('PaymentCompletedEvent', 'payment_service'),
  'an event was never delivered to everybody':
    event('OrderCreatedEvent', 'order_service') + 'update journal.events set delivered_at = null;',
  'more than one mail is recorded as sent':
    notification('SENT') + attempt(1, '50 minutes') + attempt(2, '40 minutes'),
  'an attempt to send began after a mail was recorded as sent':
    notification('SENT') + attempt(1, '50 minutes') + attempt(2, '1 minute'),
  'an order is past its deadline and waits, though no operator could help': order('PAYMENT_COMPLETED'),
  'a notification has failed for good, and nobody is called':
    order('INVENTORY_RESERVED') + notification('FAILED'),
};

/** Runs the statements and the audit, and takes all of it back. */
async function auditAfter(sql: string, grace = 60) {
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    await client.query(sql);
    return await auditDatabase(client, new Date(Date.now() - grace * 1_000));
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test('every rule has a breach here', () => {
  expect(Object.keys(breaches).sort()).toEqual(auditRules.map(({ broken }) => broken).sort());
});

test('a shop in order is clean, with a completed order as well as without', async () => {
  expect(await auditAfter('select 1')).toEqual([]);
  expect(await auditAfter(completed)).toEqual([]);
});

test.each(Object.entries(breaches))('found: %s', async (broken, sql) => {
  const findings = await auditAfter(sql);
  const subjects = findings.filter((finding) => finding.broken === broken).map(({ subject }) => subject);
  expect(subjects).toEqual([/wallet/.test(broken) ? 'alice' : /stock is/.test(broken) ? 'mouse' : id]);
});

test('what has just changed is given time', async () => {
  const fresh = completed.replace(charge, '') + `update orders.orders set updated_at = now();`;
  expect(await auditAfter(fresh, 60)).toEqual([]);
  expect(await auditAfter(fresh, -1)).not.toEqual([]);
});

test('orders that were placed in another system are named', async () => {
  await db.owner.query(order('PENDING_PAYMENT'));
  const system = findRunning({ DATABASE_URL: db.ownerUrl }, 'none');
  expect(system && (await ordersNotIn(system, [id, other]))).toEqual([other]);
});
