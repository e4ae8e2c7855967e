import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../core/postgres/pool.js';
import { listOrderViews, type OrderQuery } from '../../db/order/order-view.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';
import type { EpochMillis } from '../../core/event.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

// With many rows, what is sorted or read as a whole takes as long as there are rows.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly Node[];
}

/** The nodes of the plan of the one statement that `list` sends, subqueries left out. */
async function planOf(pool: Pool, list: (pool: Pool) => Promise<unknown>): Promise<readonly Node[]> {
  const connection = await pool.connect();
  try {
    // The tables are small: what can be avoided at all is avoided.
    await connection.query('set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off');
    const nodes: Node[] = [];
    const explain = async (text: string, values: unknown[]) => {
      const { rows } = await connection.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
        `explain (format json) ${text}`,
        values,
      );
      nodes.push(...rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => mainNodes(Plan))));
      return { rows: [] };
    };
    await list({ query: explain } as unknown as Pool);
    return nodes;
  } finally {
    connection.release(true);
  }
}

const mainNodes = (node: Node): readonly Node[] => [
  node,
  ...(node.Plans ?? [])
    .filter((plan) => plan['Parent Relationship'] !== 'SubPlan' && plan['Parent Relationship'] !== 'InitPlan')
    .flatMap(mainNodes),
];

const after = {
  createdAt: Date.now() as EpochMillis,
  orderId: '00000000-0000-4000-8000-000000000001' as OrderId,
};
const customerId = 'alice' as CustomerId;

test.each([
  ['all orders', {}, 'newest_orders'],
  ['the next page', { after }, 'newest_orders'],
  ['orders in a status', { status: 'OUT_OF_STOCK' }, 'newest_orders_in_a_status'],
  ['the next page of a status', { status: 'OUT_OF_STOCK', after }, 'newest_orders_in_a_status'],
  ['a customer’s orders', { customerId, after }, 'newest_orders_of_a_customer'],
] as const satisfies readonly (readonly [string, Partial<OrderQuery>, string])[])(
  '%s are read in the order of an index, and no further than the page',
  async (_, query, index) => {
    const plan = await planOf(db.pools.order, (pool) => listOrderViews(pool, { ...query, limit: 25 }));
    expect(plan.map((node) => node['Node Type'])).toEqual(['Limit', 'Index Scan']);
    expect(plan.at(-1)).toMatchObject({ 'Relation Name': 'orders', 'Index Name': index });
  },
);
