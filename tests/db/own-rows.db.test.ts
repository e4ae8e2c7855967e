import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { journalOf } from '../../core/postgres/journal.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import type { EventId, SagaId } from '../../core/event.js';
import { choreography } from '../../schemas/catalogue.js';
import { services, type Service } from '../../schemas/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => void (db = await createTestDatabase()));
afterAll(() => db.close());

const REFUSED = { code: '42501' };
const LONG_AGO = '2001-01-01T00:00:00Z';

const sagaId = randomUUID() as SagaId;
const eventId = randomUUID() as EventId;
const runId = 'run';

/** Refuses a signal and drops an event as a service does, for the how many-th time. */
const record = (service: Service, seen: number) =>
  withTransaction(db.pools[service], async (tx) => {
    const journal = journalOf(choreography, service, tx);
    await journal.countDrop({ sagaId, eventId, runId, why: 'REPEAT', seen });
    const refused = {
      signalName: 'Odd',
      reason: 'UNKNOWN_EVENT',
      detail: '',
      body: 'odd',
      eventId: null,
    } as const;
    await journal.quarantine({ sagaId, runId, ...refused, seen });
  });

beforeEach(async () => {
  await db.owner.query(`delete from journal.drops`);
  await db.owner.query(`delete from journal.quarantine`);
  for (const service of services) await record(service, 3);
});

const tables = ['journal.drops', 'journal.quarantine'] as const;

describe.each(tables)('%s', (table) => {
  test.each(services)('shows %s its own rows only, also to lock and to change', async (service) => {
    const own = [{ service }];
    const { pools } = db;
    expect((await pools[service].query(`select service from ${table}`)).rows).toEqual(own);
    expect((await pools[service].query(`select service from ${table} for update`)).rows).toEqual(own);
    const changed = await pools[service].query(`update ${table} set seen = seen returning service`);
    expect(changed.rows).toEqual(own);
  });

  test.each(services)('lets %s count up, and never down', async (service) => {
    await record(service, 5);
    await record(service, 2);
    const { rows } = await db.owner.query(`select seen from ${table} where service = $1`, [service]);
    expect(rows).toEqual([{ seen: 5 }]);
    await expect(db.pools[service].query(`update ${table} set seen = 4`)).rejects.toMatchObject({
      constraint: 'a_count_only_grows',
    });
  });

  test('gets its times from the database', async () => {
    await db.owner.query(`update ${table} set last_seen_at = '${LONG_AGO}'`);
    await db.pools.payment.query(`update ${table} set last_seen_at = '${LONG_AGO}', seen = seen + 1`);
    const { rows } = await db.owner.query(
      `select last_seen_at > now() - interval '1 hour' as recent from ${table}`,
    );
    expect(rows).toEqual(services.map(() => ({ recent: true })));
  });

  test.each(services)(
    'takes no row, no time and no removal from %s in the name of another',
    async (service) => {
      const other = services.find((name) => name !== service) ?? 'order';
      for (const statement of [
        `update ${table} set service = '${other}'`,
        `delete from ${table}`,
        `truncate ${table}`,
        `do 'begin lock ${table} in row exclusive mode; end'`,
      ])
        await expect(db.pools[service].query(statement)).rejects.toMatchObject(REFUSED);
    },
  );
});

const readers = [
  ['operator', 'journal.quarantine'],
  ['observer', 'journal.quarantine'],
  ['observer', 'journal.drops'],
] as const;
test.each(readers)('%s reads all of %s, and changes nothing', async (login, table) => {
  const { rows } = await db.pools[login].query<{ service: Service }>(`select service from ${table}`);
  expect(rows.map(({ service }) => service).toSorted()).toEqual(services.toSorted());
  await expect(db.pools[login].query(`update ${table} set seen = seen`)).rejects.toMatchObject(REFUSED);
});

test.each(services)(
  '%s records nothing in the name of another, and no moment of its own choice',
  async (service) => {
    const other = services.find((name) => name !== service) ?? 'order';
    const quarantine = (name: string, column = '', value = '') =>
      db.pools[service].query(
        `insert into journal.quarantine
         (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen${column})
       values ($1, $2, 'w', 'other', 's', 'SCHEMA', '', '', '', 1${value})`,
        [name, sagaId],
      );
    const drop = (name: string, column = '', value = '') =>
      db.pools[service].query(
        `insert into journal.drops (service, order_id, event_id, run_id, why, seen${column})
       values ($1, $2, $2, 'other', 'REPEAT', 1${value})`,
        [name, sagaId],
      );
    for (const insert of [quarantine, drop]) {
      await expect(insert(other)).rejects.toMatchObject(REFUSED);
      await expect(insert(service, ', last_seen_at', `, '${LONG_AGO}'`)).rejects.toMatchObject(REFUSED);
      await insert(service);
    }
    await expect(quarantine(service, ', first_seen_at', `, '${LONG_AGO}'`)).rejects.toMatchObject(REFUSED);
  },
);

test('a lock that a service holds on all it can reach keeps no other from counting', async () => {
  const locking = await db.pools.inventory.connect();
  try {
    await locking.query('begin');
    for (const table of [...tables, 'journal.events'])
      await locking.query(`select 1 from ${table} for update`);
    await record('payment', 7);
    await expect(record('inventory', 7)).rejects.toThrow(/timeout/);
  } finally {
    await locking.query('rollback');
    locking.release();
  }
  const { rows } = await db.owner.query(`select service, seen from journal.drops where seen > 3`);
  expect(rows).toEqual([{ service: 'payment', seen: 7 }]);
});
