import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { postgresSweepStore } from '../../core/postgres/sweep.js';
import { services, type Service } from '../../schemas/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { SweepWorld } from './sweep-world.js';

const ORDERS = 20_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await completeOrders();
}, 120_000);
afterAll(() => db.close());

/** The events of a completed order, each with the services that have an inbox row of it. */
const steps: readonly (readonly [type: string, publisher: Service, subscribers: readonly Service[]])[] = [
  ['OrderCreatedEvent', 'order', ['payment']],
  ['PaymentCompletedEvent', 'payment', ['inventory', 'order']],
  ['InventoryReservedEvent', 'inventory', ['payment', 'order', 'notification']],
  ['OrderCompletedNotificationSentEvent', 'notification', ['order']],
];

const schemaOf = (service: Service): string => (service === 'order' ? 'orders' : service);

/** All orders have come to rest, the last one a minute ago, 100 in a second. */
async function completeOrders(): Promise<void> {
  const pool = createPool({
    url: db.ownerUrl,
    applicationName: 'many orders',
    statementTimeoutMs: 60_000,
    onError: () => undefined,
  });
  const owner = await pool.connect();
  // The feed, which triggers write, is of no interest here.
  await owner.query(`set session_replication_role = replica`);
  await owner.query(`begin`);
  for (const [type, publisher, subscribers] of steps) {
    await owner.query(
      `insert into journal.events (event_id, order_id, type, version, correlation_id, occurred_at, payload, published_by,
         delivered_at, delivered_to)
       select gen_random_uuid(), lpad(to_hex(n), 32, '0')::uuid, $1, 1, gen_random_uuid(), now(), '{}', $2,
         now() - interval '1 min' - (${ORDERS} - n) * interval '10 ms', $3
       from generate_series(1, ${ORDERS}) n`,
      [type, `${publisher}_service`, subscribers],
    );
    for (const service of subscribers)
      await owner.query(
        `insert into ${schemaOf(service)}.inbox (key, order_id, run_id, outcome)
         select event_id, order_id, 'one', 'DONE' from journal.events where type = $1`,
        [type],
      );
  }
  await owner.query(`commit`);
  await owner.query(`analyze`);
  owner.release();
  await pool.end();
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements of one `take`, and what came of it. */
async function statementsOf(service: Service): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  const connection = await db.pools[service].connect();
  const recorded = new Proxy(connection, {
    get: (target, name) => {
      if (name !== 'query') return Reflect.get(target, name, target) as unknown;
      return (text: string, values: readonly unknown[] = []) => {
        statements.push({ text, values });
        return target.query(text, [...values]);
      };
    },
  });
  const { begin } = db.pools[service];
  const pool = { begin, connect: () => Promise.resolve(recorded) } as unknown as Pool;
  const world = new SweepWorld({ ...db, pools: { ...db.pools, [service]: pool } }, postgresSweepStore);
  await world.take(service);
  return statements.slice(1, -1);
}

/** How many pages the statements touch, of tables and indexes. */
async function pagesOf(service: Service, statements: readonly Statement[]): Promise<readonly number[]> {
  const connection = await db.pools[service].connect();
  await connection.query('begin');
  const pages = [];
  for (const { text, values } of statements) {
    const { rows } = await connection.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Buffers }] }>(
      `explain (analyze, buffers, format json) ${text}`,
      [...values],
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    pages.push((plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN));
  }
  await connection.query('rollback');
  connection.release();
  return pages;
}

interface Buffers {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

test.each(services)('%s: what a sweep reads does not grow with the orders at rest', async (service) => {
  // Of five orders the deliveries are still to be checked.
  await db.owner.query(`update journal.sweeps
     set swept_until = (select max(delivered_at) - interval '45 ms' from journal.events)`);
  const statements = await statementsOf(service);
  expect(statements.length).toBe(7);
  const pages = await pagesOf(service, statements);
  expect(sum(pages)).toBeLessThan(200);
});

test.each(services)('%s: nor does what it reads of each unfinished order', async (service) => {
  await db.owner.query(
    `insert into journal.unfinished (service, order_id, why)
     select $1, lpad(to_hex(n), 32, '0')::uuid, 'DUE' from generate_series(1, 10) n`,
    [service],
  );
  const [, rest] = await statementsOf(service);
  await db.owner.query(`update journal.unfinished set rested_at = null`);
  const pages = await pagesOf(service, rest ? [rest] : []);
  expect(sum(pages)).toBeLessThan(10 * 60);
});

test('nor does what is read to find that nothing may be forgotten', async () => {
  const text = `explain (analyze, buffers, format json)
    select * from retention.forget_orders(now() - interval '1 year', '-infinity', 100, false)`;
  // The functions are planned first.
  await db.pools.operator.query(text);
  const { rows } = await db.pools.operator.query<{
    'QUERY PLAN': readonly [{ readonly Plan: Buffers }];
  }>(text);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  expect((plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN)).toBeLessThan(400);
});
