import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditDatabase } from '../../tools/audit/findings.js';
import { auditRules } from '../../tools/audit/rules.js';
import { findRunning, ordersNotIn } from '../../tools/audit/system.js';
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
  update payment.wallets set balance = balance - 25000, charged = charged + 25000 where customer_id = 'alice';
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
const event = (
  type: string,
  by: string,
  { eventId = id, cause = null as string | null, delivered = '59 minutes' } = {},
) => `
  insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by,
      recorded_at, delivered_at, delivered_to)
    values ('${eventId}', '${id}', '${type}', 1, '${other}', ${cause === null ? 'null' : `'${cause}'`}, now(), '{}', '${by}',
      now() - interval '1 hour', now() - interval '${delivered}', '{}');`;
const consumed = (schema: string, eventId: string, outcome: string) => `
  insert into ${schema}.inbox (key, order_id, run_id, outcome, consumed_at)
    values ('${eventId}', '${id}', '', '${outcome}', now() - interval '30 minutes');`;
const payment = (status: string) => `
  insert into payment.payments (order_id, status, customer_id, amount, currency, wait_cause_id, answer_by, updated_at)
    values ('${id}', '${status}', 'alice', 25000, 'KRW', '${other}', now(), now() - interval '1 hour');`;
const reservation = (status: string) => `
  insert into inventory.reservations (order_id, status, items, updated_at)
    values ('${id}', '${status}', '[]', now() - interval '1 hour');`;
const refund = `
  update payment.wallets set balance = balance + 25000, charged = charged - 25000 where customer_id = 'alice';
  insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at) values ('alice', 'REFUND', 25000, '${id}', now());`;
const release = `
  update inventory.stock set available = available + 1, reserved = reserved - 1 where sku = 'mouse';
  insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, order_id, at)
    values ('mouse', 'RELEASE', 1, -1, '${id}', now());`;
const paid = charge + payment('CONFIRMED');
const held = reserve + reservation('RESERVED');
const completed = order('COMPLETED', 'told_at = now()') + happyPath + paid + held + notification('SENT');
/** Paid and reserved, and past its deadline: the attempts are used up, and an operator has been called. */
const parked =
  order('INVENTORY_RESERVED') +
  path('PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED') +
  paid +
  held +
  notification('FAILED') +
  `insert into orders.attention values ('${id}', 'NOTIFICATION_FAILED', now());`;
const eventIds = {
  created: '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e01',
  paid: '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e02',
  refunded: '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e03',
  cancelled: '3f0a4bb2-0d0e-4a5a-9d52-0a1b2c3d4e04',
};
const created = event('OrderCreatedEvent', 'order_service', { eventId: eventIds.created });
const cancelled =
  created +
  event('OrderCancelledEvent', 'order_service', { eventId: eventIds.cancelled, cause: eventIds.created });
/** What Payment's timer publishes, or an answer to a cancelled order. */
const refunded = (cause = eventIds.paid, delivered = '59 minutes') =>
  (cause === eventIds.paid ? created : cancelled) +
  event('PaymentCompletedEvent', 'payment_service', { eventId: eventIds.paid, cause: eventIds.created }) +
  event('PaymentCancelledEvent', 'payment_service', { eventId: eventIds.refunded, cause, delivered });

const delivered = created + "update journal.events set delivered_to = '{payment}';";
const quarantined = (service: string) => `
  insert into journal.quarantine (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen,
      event_id)
    values ('${service}', '${id}', '', '', 'OrderCreatedEvent', 'OTHER_SAGA', '', '{}', '', 1, '${eventIds.created}');`;
/** Found an hour ago; one of its other times is as long ago. */
const unfinished = (and: string) => `
  insert into journal.unfinished (service, order_id, why) values ('payment', '${id}', 'DUE');
  update journal.unfinished set found_at = now() - interval '1 hour', ${and} = now() - interval '1 hour';`;

/** What breaks each rule, in one or several ways, beginning with a shop that is in order. */
const breaches: Readonly<Record<string, string | readonly string[]>> = {
  'a wallet is not the sum of its ledger': [
    `update payment.wallets set balance = balance + 1 where customer_id = 'alice'`,
    `update payment.wallets set charged = charged + 1 where customer_id = 'alice'`,
  ],
  'a stock is not the sum of its ledger': `update inventory.stock set available = available - 1 where sku = 'mouse'`,
  'a reserved or completed order is not charged exactly once, its total': [
    completed.replace(charge, ''),
    parked.replace(charge, ''),
    parked + refund,
  ],
  'the pieces of a reserved or completed order are not reserved exactly once': [
    completed.replace(reserve, ''),
    parked.replace(reserve, ''),
    parked + release,
  ],
  'nobody was told of a completed order': completed.replace('told_at = now()', 'told_at = null'),
  'an order that failed is still charged': order('OUT_OF_STOCK') + charge,
  'an order that failed still holds stock': order('OUT_OF_STOCK') + reserve,
  'the payment does not agree with the order': [
    completed.replace(payment('CONFIRMED'), payment('CHARGED')),
    parked.replace(payment('CONFIRMED'), ''),
    order('OUT_OF_STOCK') + payment('VOID'),
    order('PAYMENT_FAILED') + payment('CONFIRMED'),
  ],
  'the reservation does not agree with the order': [
    completed.replace(reservation('RESERVED'), reservation('RELEASED')),
    parked.replace(reservation('RESERVED'), ''),
    order('OUT_OF_STOCK') + reservation('RESERVED'),
  ],
  'the notification does not agree with the order': [
    completed.replace(notification('SENT'), ''),
    parked.replace(notification('FAILED'), notification('REVOKED')),
    order('PAYMENT_FAILED') + notification('SENDING'),
  ],
  'a service took note of a cancellation, and its row does not show it': [
    refunded() + order('COMPLETED') + consumed('orders', eventIds.refunded, 'COMPLETED'),
    cancelled + consumed('payment', eventIds.cancelled, 'NOTHING'),
    refunded() + reservation('RESERVED') + consumed('inventory', eventIds.refunded, 'RESERVED'),
    refunded() + notification('SENDING') + consumed('notification', eventIds.refunded, 'SENDING'),
  ],
  'a confirmed payment was given back, though the order was not cancelled':
    refunded() + payment('REFUNDED') + consumed('payment', other, 'CONFIRMED'),
  'the status is not the last one of its history': order('PAYMENT_FAILED') + path('PENDING_PAYMENT'),
  'the order took a step that there is not': order('COMPLETED') + path('PENDING_PAYMENT', 'COMPLETED'),
  'the customer was told of an order that was then undone, and nobody is called': [
    order('OUT_OF_STOCK', 'told_at = now()'),
    order('OUT_OF_STOCK', 'told_at = now()') +
      `insert into orders.attention values ('${id}', 'CUSTOMER_TOLD_THEN_REFUNDED', now(), now());`,
  ],
  'somebody is called though the order is final': [
    completed + `insert into orders.attention values ('${id}', 'NOTIFICATION_FAILED', now());`,
    order('PAYMENT_FAILED') + `insert into orders.attention values ('${id}', 'NOTIFICATION_OVERDUE', now());`,
  ],
  'a state of the order names an event that does not lead to it':
    created +
    order('PAYMENT_FAILED') +
    path('PENDING_PAYMENT') +
    `insert into orders.status_history values ('${id}', 1, 'PAYMENT_FAILED', now(), '${eventIds.created}');`,
  'the order says otherwise than the events when the customer was told, or the money went back': [
    refunded() + order('OUT_OF_STOCK', "refunded_at = now() - interval '1 s'"),
    order('COMPLETED', "told_at = now() + interval '1 s'") +
      event('OrderCompletedNotificationSentEvent', 'notification_service'),
  ],
  'an event carries another request than its order':
    created + order('PENDING_PAYMENT', `correlation_id = '${id}'`),
  'the customer was told, or may have been, and the order does not know': [
    parked + attempt(1, '50 minutes'),
    order('OUT_OF_STOCK') + event('OrderCompletedNotificationSentEvent', 'notification_service'),
  ],
  'an event was published by somebody else than its service': event('OrderCreatedEvent', 'payment_service'),
  'an event has no cause in the journal': event('PaymentCompletedEvent', 'payment_service'),
  'an event was never delivered to everybody':
    event('OrderCreatedEvent', 'order_service') +
    'update journal.events set delivered_at = null, delivered_to = null;',
  'an event was delivered to a service, which has no trace of it': [
    delivered + consumed('payment', other, 'NOTHING'),
    delivered + consumed('inventory', eventIds.created, 'NOTHING'),
    delivered + quarantined('inventory'),
  ],
  'a service does not come to rest, and nobody is called': unfinished('claimed_at'),
  'more than one mail is recorded as sent':
    notification('SENT') + attempt(1, '50 minutes') + attempt(2, '40 minutes'),
  'an attempt to send began after a mail was recorded as sent':
    notification('SENT') + attempt(1, '50 minutes') + attempt(2, '1 minute'),
  'an attempt to send began after a cancellation was recorded':
    refunded() +
    notification('REVOKED') +
    consumed('notification', eventIds.refunded, 'REVOKED') +
    attempt(1, '29 minutes'),
  'an order is past its deadline and waits, though no operator could help': order('PAYMENT_COMPLETED'),
  'a notification has failed for good, and nobody is called':
    order('INVENTORY_RESERVED') + notification('FAILED'),
};

/** What looks like a breach, and is none. */
const legal: Readonly<Record<string, string>> = {
  'a shop without orders': 'select 1',
  'a completed order': completed,
  'an order that waits for an operator': parked,
  'a completed order whose payment has just been given back: the others are to hear of it':
    completed.replace(payment('CONFIRMED'), payment('REFUNDED')) +
    refund +
    refunded(eventIds.paid, '1 second') +
    consumed('payment', other, 'CHARGED'),
  'a completed order that was then undone, with its customer told':
    order('OUT_OF_STOCK', 'told_at = now(), refunded_at = now()') +
    happyPath +
    `insert into orders.status_history values ('${id}', 4, 'OUT_OF_STOCK', now(), '${eventIds.refunded}');` +
    `insert into orders.attention values ('${id}', 'CUSTOMER_TOLD_THEN_REFUNDED', now());` +
    charge +
    refund +
    payment('REFUNDED') +
    reserve +
    release +
    reservation('RELEASED') +
    notification('SENT') +
    refunded() +
    consumed('orders', eventIds.refunded, 'OUT_OF_STOCK') +
    consumed('inventory', eventIds.refunded, 'RELEASED') +
    consumed('notification', eventIds.refunded, 'SENT'),
  'a confirmed payment that was given back because the order was cancelled, while an attempt was under way':
    order('OUT_OF_STOCK', 'refunded_at = now()') +
    path('PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'OUT_OF_STOCK') +
    charge +
    refund +
    payment('REFUNDED') +
    reserve +
    release +
    reservation('RELEASED') +
    notification('REVOKED') +
    attempt(1, '31 minutes').replace('ACCEPTED', 'REFUSED') +
    refunded(eventIds.cancelled) +
    consumed('payment', other, 'CONFIRMED') +
    consumed('payment', eventIds.cancelled, 'REFUNDED') +
    consumed('notification', eventIds.refunded, 'REVOKED'),
  'a delivered event that was applied': delivered + consumed('payment', eventIds.created, 'DECLINED'),
  'a delivered event that was refused': delivered + quarantined('payment'),
  'an event that was delivered just now':
    delivered + "update journal.events set delivered_at = now() - interval '1 second'",
  'what had been unfinished and came to rest': unfinished('rested_at'),
  'what does not come to rest, and somebody is called': unfinished('stuck_at'),
  'an order that failed in time, and whose payment worker has not been there yet':
    order('PAYMENT_FAILED') + path('PENDING_PAYMENT', 'PAYMENT_FAILED') + cancelled,
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

test.each(Object.entries(legal))('clean: %s', async (_, sql) => {
  expect(await auditAfter(sql)).toEqual([]);
});

const everyBreach = Object.entries(breaches).flatMap(([broken, ways]) =>
  [ways].flat().map((sql) => [broken, sql] as const),
);

test.each(everyBreach)('found: %s', async (broken, sql) => {
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
