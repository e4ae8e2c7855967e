import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { placementOf } from '../support/saga-world.js';

// Forgetting has to take as long among a million orders as among a hundred: what it reads, it finds.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  const run = effectsAlone(db);
  for (let order = 0; order < 5; order++) await run(placementOf('alice', 'mouse'));
});
afterAll(() => db.close());

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

/** Every node of every plan that PostgreSQL makes for a statement, those of the functions that it calls too. */
async function nodesOf(statement: string): Promise<readonly Node[]> {
  const connection = await db.owner.connect();
  const nodes: Node[] = [];
  connection.on('notice', ({ message }) => nodes.push(...nodesIn(message ?? '')));
  // The tables are small: what can be avoided at all is avoided, as it is with large ones.
  await connection.query(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json;
    set client_min_messages = log;
    set enable_seqscan = off;
    set enable_bitmapscan = off;
    set enable_hashjoin = off;
    set enable_mergejoin = off;
    set enable_sort = off`);
  await connection.query(statement);
  connection.release(true);
  return nodes;
}

function nodesIn(message: string): readonly Node[] {
  const json = message.indexOf('{');
  if (!message.includes('plan:') || json < 0) return [];
  return flat((JSON.parse(message.slice(json)) as { readonly Plan: Node }).Plan);
}

const flat = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** These have a row for each service or login, or for what is open, however many orders there are. */
const SMALL = ['sweeps', 'feed_mark', 'pg_authid', 'unfinished', 'attention'];

test('a batch is forgotten without reading a table, or an index, from one end to the other', async () => {
  const nodes = await nodesOf(
    `select * from retention.forget_orders(now() + interval '1 day', '-infinity', 2, false)`,
  );
  const tables = new Set(nodes.flatMap((node) => node['Relation Name'] ?? []));
  for (const table of ['entries', 'events', 'orders', 'inbox', 'attempts']) expect(tables).toContain(table);
  const unbounded = nodes.filter(isUnbounded).map((node) => node['Relation Name']);
  expect(unbounded).toEqual([]);
});

const isUnbounded = ({ 'Node Type': type, 'Relation Name': table, 'Index Cond': condition }: Node): boolean =>
  table !== undefined && !SMALL.includes(table) && type !== 'ModifyTable' && condition === undefined;
