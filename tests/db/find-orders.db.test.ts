import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { listOrderViews, type OrderQuery } from '../../db/order/order-view.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { storePastOrders } from '../support/past-orders.js';

const ORDERS = 30_000;
const PAGE = 25;

let db: TestDatabase;
let newest: { readonly orderId: OrderId; readonly createdAt: EpochMillis };
beforeAll(async () => {
  db = await createTestDatabase();
  await storePastOrders(db.ownerUrl, ORDERS);
  [newest = newest] = await listOrderViews(db.pools.order, { limit: 1 });
});
afterAll(() => db.close());

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}

/** How PostgreSQL, left to itself, reads the list: the nodes of its plan that read orders. */
async function readsOf(query: Partial<OrderQuery>): Promise<readonly Node[]> {
  const nodes: Node[] = [];
  const explain = async (text: string, values: unknown[]) => {
    const { rows } = await db.pools.order.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
      `explain (analyze, format json) ${text}`,
      values,
    );
    nodes.push(...rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => allNodes(Plan))));
    return { rows: [] };
  };
  await listOrderViews({ query: explain } as unknown as Pool, { limit: PAGE, ...query });
  return nodes.filter((node) => node['Relation Name'] === 'orders');
}

const allNodes = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(allNodes)];

const rowsRead = (nodes: readonly Node[]): number =>
  nodes.reduce(
    (sum, node) => sum + node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)),
    0,
  );

const hoursAgo = (hours: number) => (newest.createdAt - hours * 3_600_000) as EpochMillis;
const [bob, steady] = ['bob', 'steady'] as CustomerId[];

const kindsOf = (reads: readonly Node[]) => reads.map((node) => node['Node Type']);

test.each<readonly [string, () => Partial<OrderQuery>, string]>([
  ['all orders', () => ({}), 'newest_orders'],
  ['a window of time', () => ({ from: hoursAgo(7), to: hoursAgo(6) }), 'newest_orders'],
  ['a status', () => ({ status: 'OUT_OF_STOCK' }), 'newest_orders_in_a_status'],
  ['a reason', () => ({ reason: 'NO_WALLET' }), 'newest_orders_with_a_reason'],
  ['a reason that is long past', () => ({ reason: 'SAGA_TIMEOUT' }), 'newest_orders_with_a_reason'],
  ['a reason before a time', () => ({ reason: 'NO_WALLET', to: hoursAgo(6) }), 'newest_orders_with_a_reason'],
  ['a customer', () => ({ customerId: bob }), 'newest_orders_of_a_customer'],
  [
    'a customer’s failures, which are long past',
    () => ({ isFailed: true, customerId: steady }),
    'newest_failures_of_a_customer',
  ],
  [
    'a customer’s orders in a status, of long ago',
    () => ({ status: 'PAYMENT_FAILED', customerId: steady }),
    'newest_orders_of_a_customer_in_a_status',
  ],
  [
    'a customer’s orders with a reason',
    () => ({ reason: 'INSUFFICIENT_BALANCE', customerId: bob }),
    'newest_orders_of_a_customer_with_a_reason',
  ],
])('%s: read in the order of an index, and no further than the page', async (_, query, index) => {
  const reads = await readsOf(query());
  expect(reads).toMatchObject([{ 'Node Type': 'Index Scan', 'Index Name': index }]);
  expect(rowsRead(reads)).toBe(PAGE);
});

test('any failure: read in the order of an index', async () => {
  const reads = await readsOf({ isFailed: true });
  expect(kindsOf(reads)).toEqual(['Index Scan']);
  expect(rowsRead(reads)).toBeLessThan(20 * PAGE);
});

test.each<readonly [string, () => Partial<OrderQuery>]>([
  ['the beginning of an id', () => ({ id: newest.orderId.slice(0, 8) })],
  ['four characters of it', () => ({ id: newest.orderId.slice(0, 4) })],
  ['a whole id', () => ({ id: newest.orderId })],
  ['the beginning, of a customer and a status', () => ({ id: 'abcd', customerId: bob, status: 'COMPLETED' })],
])('%s: no more orders are read than begin so', async (_, query) => {
  const reads = await readsOf(query());
  expect(kindsOf(reads)).not.toContain('Seq Scan');
  expect(rowsRead(reads)).toBeLessThan(PAGE);
});

test('what needs a person is read by what needs one, whatever the number of orders', async () => {
  const { rows } = await db.owner.query<{ open: number }>(
    `select count(*)::int as open from orders.attention where cleared_at is null`,
  );
  for (const more of [{}, { customerId: bob }, { reason: 'NO_WALLET' as const }]) {
    const reads = await readsOf({ needsAPerson: true, ...more });
    expect(kindsOf(reads)).not.toContain('Seq Scan');
    expect(rowsRead(reads)).toBeLessThanOrEqual(rows[0]?.open ?? 0);
  }
});

test('a combination that matches few is read from an index, too', async () => {
  const reads = await readsOf({ status: 'PAYMENT_FAILED', reason: 'OUT_OF_STOCK', customerId: bob });
  expect(kindsOf(reads)).not.toContain('Seq Scan');
  expect(rowsRead(reads)).toBeLessThan(ORDERS / 8);
});

test('each beginning finds its order', async () => {
  for (const n of [1, 777, ORDERS]) {
    const { rows } = await db.owner.query<{ id: string }>(`select md5('order ' || $1::int)::uuid as id`, [n]);
    const id = rows[0]?.id ?? '';
    for (const length of [8, 9, 14, 36])
      expect((await listOrderViews(db.pools.order, { id: id.slice(0, length), limit: 5 }))[0]?.orderId).toBe(
        id,
      );
  }
});
