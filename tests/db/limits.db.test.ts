import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits, type Limit } from '../../schemas/limits.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

type Columns = Readonly<Record<string, unknown>>;

const time = '2026-01-02T03:04:05Z';
const id = randomUUID();
const items = (count: number, over: Columns = {}) =>
  JSON.stringify(
    Array.from({ length: count }, () => ({
      sku: 'mouse',
      quantity: 1,
      unitPrice: { amount: 1, currency: 'KRW' },
      ...over,
    })),
  );

/** A good row of each table that has a limit. */
const rows: Readonly<Record<string, Columns>> = {
  'orders.customers': { customer_id: 'zoe', name: 'Zoë' },
  'orders.products': { sku: 'cup', name: 'Cup', price: 1, currency: 'KRW' },
  'orders.orders': {
    ...{ order_id: id, customer_id: 'alice', items: items(1), total: 1, currency: 'KRW' },
    ...{ status: 'PENDING_PAYMENT', correlation_id: id, wait_cause_id: id },
    ...{ payment_due_at: time, saga_due_at: time, created_at: time, updated_at: time },
  },
  'payment.wallets': { customer_id: 'zoe', currency: 'KRW', balance: 0, charged: 0 },
  'payment.wallet_ledger': {
    ...{ customer_id: 'alice', kind: 'DEPOSIT', amount: 1, idempotency_key: 'key', at: time },
  },
  'payment.payments': {
    ...{ order_id: id, status: 'CHARGED', customer_id: 'alice', amount: 1, currency: 'KRW' },
    ...{ correlation_id: id, wait_cause_id: id, answer_by: time, updated_at: time },
  },
  'inventory.stock': { sku: 'cup', available: 0, reserved: 0 },
  'inventory.stock_ledger': {
    ...{ sku: 'mouse', kind: 'RESTOCK', available_change: 1, reserved_change: 0 },
    ...{ idempotency_key: 'key', at: time },
  },
  'inventory.reservations': { order_id: id, status: 'RESERVED', items: items(1), updated_at: time },
  'notification.contacts': { customer_id: 'zoe', email: 'zoe@shop.example' },
  'notification.notifications': {
    ...{ order_id: id, status: 'SENDING', customer_id: 'alice', items: items(1), total: 1, currency: 'KRW' },
    ...{ cause_id: id, correlation_id: id, updated_at: time },
  },
  'notification.operator_actions': {
    action_id: 'a',
    order_id: id,
    operator: 'Ann',
    action: 'RETRY',
    at: time,
  },
  'journal.operator_actions': {
    ...{ operator: 'Ann', action: 'NOTIFICATION_RETRY', order_id: id, outcome: 'NOT_PARKED', detail: '' },
  },
  'faults.changes': { operator: 'Ann', service: 'order', settings: '{}' },
};

interface Edges {
  readonly inside: readonly Columns[];
  readonly outside: readonly Columns[];
}

const edges = (limit: Limit, at: (value: number) => Columns): Edges => ({
  inside: [at(limit.min), at(limit.max)],
  outside: [at(limit.min - 1), at(limit.max + 1)],
});

/** Where something else guards the lower end. */
const upTo = ({ max }: Limit, at: (value: number) => Columns): Edges => ({
  inside: [at(max)],
  outside: [at(max + 1)],
});

const both = (one: Edges, other: Edges): Edges => ({
  inside: [...one.inside, ...other.inside],
  outside: [...one.outside, ...other.outside],
});

/** Of characters that take two places in a string of JavaScript, and four bytes. */
const text = (limit: Limit, column: string): Edges =>
  edges(limit, (length) => ({ [column]: '👍'.repeat(length) }));

const identifier = (column: string): Edges =>
  both(
    edges(limits.identifier, (length) => ({ [column]: 'a'.repeat(length) })),
    { inside: [{ [column]: '0.-_Z' }], outside: ['-a', 'a b', 'ä', 'a\n'].map((bad) => ({ [column]: bad })) },
  );

const currency: Edges = {
  inside: [{ currency: 'EUR' }],
  outside: ['eur', 'EURO', 'EU', ''].map((bad) => ({ currency: bad })),
};

const priced = (amount: number) => ({ items: items(1, { unitPrice: { amount, currency: 'KRW' } }) });
const itemEdges = [
  upTo(limits.items, (count) => ({ items: items(count) })),
  edges(limits.quantity, (quantity) => ({ items: items(1, { quantity }) })),
  edges(limits.price, priced),
].reduce(both);

const timeOf = (column: string): Edges =>
  upTo(limits.time, (millis) => ({
    [column]: millis > limits.time.max ? '10000-01-01 00:00:00+00' : new Date(millis).toISOString(),
  }));

/** What each constraint is tried with. */
const constraints: Readonly<Record<string, Edges>> = {
  'orders.customers.customer_id_within_limits': identifier('customer_id'),
  'orders.customers.name_within_limits': text(limits.name, 'name'),
  'orders.products.sku_within_limits': identifier('sku'),
  'orders.products.name_within_limits': text(limits.name, 'name'),
  'orders.products.price_within_limits': upTo(limits.price, (price) => ({ price })),
  'orders.orders.customer_id_within_limits': identifier('customer_id'),
  'orders.orders.total_within_limits': upTo(limits.total, (total) => ({ total })),
  'orders.orders.items_within_limits': itemEdges,
  'orders.orders.times_within_limits': ['created_at', 'payment_due_at', 'saga_due_at']
    .map(timeOf)
    .reduce(both),
  'payment.wallets.customer_id_within_limits': identifier('customer_id'),
  'payment.wallets.balance_within_limits': [
    upTo(limits.balance, (balance) => ({ balance })),
    upTo(limits.balance, (charged) => ({ charged })),
    upTo(limits.balance, (sum) => ({ balance: sum - 1_000, charged: 1_000 })),
  ].reduce(both),
  'payment.wallet_ledger.amount_within_limits': both(
    upTo(limits.deposit, (amount) => ({ amount })),
    upTo(limits.total, (amount) => ({
      amount: -amount,
      kind: 'CHARGE',
      order_id: id,
      idempotency_key: null,
    })),
  ),
  'payment.wallet_ledger.idempotency_key_within_limits': text(limits.idempotencyKey, 'idempotency_key'),
  'payment.payments.customer_id_within_limits': identifier('customer_id'),
  'payment.payments.amount_within_limits': upTo(limits.total, (amount) => ({ amount })),
  'payment.payments.currency_within_limits': currency,
  'payment.payments.times_within_limits': timeOf('answer_by'),
  'inventory.stock.sku_within_limits': identifier('sku'),
  'inventory.stock.stock_within_limits': [
    upTo(limits.stock, (available) => ({ available })),
    upTo(limits.stock, (sum) => ({ available: sum - 1_000, reserved: 1_000 })),
  ].reduce(both),
  'inventory.stock_ledger.pieces_within_limits': upTo(limits.restock, (pieces) => ({
    available_change: pieces,
  })),
  'inventory.stock_ledger.idempotency_key_within_limits': text(limits.idempotencyKey, 'idempotency_key'),
  'inventory.reservations.items_within_limits': itemEdges,
  'notification.contacts.customer_id_within_limits': identifier('customer_id'),
  'notification.contacts.email_within_limits': text(limits.email, 'email'),
  'notification.notifications.customer_id_within_limits': identifier('customer_id'),
  'notification.notifications.total_within_limits': edges(limits.total, (total) => ({ total })),
  'notification.notifications.currency_within_limits': currency,
  'notification.notifications.items_within_limits': itemEdges,
  'notification.operator_actions.operator_within_limits': text(limits.operator, 'operator'),
  'journal.operator_actions.operator_within_limits': text(limits.operator, 'operator'),
  'faults.changes.operator_within_limits': text(limits.operator, 'operator'),
};

test('every limit in the database is tried here', async () => {
  const { rows } = await db.owner.query<{ name: string }>(
    `select conrelid::regclass || '.' || conname as name from pg_constraint where conname like '%\\_within\\_limits'`,
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(constraints).sort());
});

test.each(Object.entries(constraints))('%s holds at its edges, and beyond them', async (name, edges) => {
  const [, table = '', constraint] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  const columns = rows[table] ?? {};
  for (const over of edges.inside) await insert(table, { ...columns, ...over });
  for (const over of edges.outside)
    await expect(insert(table, { ...columns, ...over }), JSON.stringify(over)).rejects.toMatchObject({
      constraint,
    });
});

/** Inserts the row, and takes it back. */
async function insert(table: string, columns: Columns): Promise<void> {
  const names = Object.keys(columns);
  const places = names.map((_, i) => `$${i + 1}`).join(', ');
  const client = await db.owner.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into ${table} (${names.join(', ')}) values (${places})`,
      Object.values(columns),
    );
  } finally {
    await client.query('rollback');
    client.release();
  }
}

test('a currency, too, is of three capitals wherever it is kept', async () => {
  for (const table of ['orders.products', 'orders.orders', 'payment.wallets'])
    for (const { currency: bad } of currency.outside)
      await expect(insert(table, { ...rows[table], currency: bad })).rejects.toMatchObject({ code: '23514' });
});
