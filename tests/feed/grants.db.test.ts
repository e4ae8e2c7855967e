import { afterAll, beforeAll, expect, test } from 'vitest';
import { logins, services } from '../../schemas/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => void (db = await createTestDatabase()));
afterAll(() => db.close());

const REFUSED = '42501';

test.each(logins.filter((login) => login !== 'observer'))(
  'the role of %s reaches nothing of the feed',
  async (login) => {
    for (const statement of [
      `select 1 from feed.entries`,
      `insert into feed.entries (order_id, kind, data) values (gen_random_uuid(), 'status', '{}')`,
      `delete from feed.entries`,
    ])
      await expect(db.pools[login].query(statement)).rejects.toMatchObject({ code: REFUSED });
  },
);

test.each([
  `insert into feed.entries (order_id, kind, data) values (gen_random_uuid(), 'status', '{}')`,
  `update feed.entries set kind = kind`,
  `delete from feed.entries`,
  `truncate feed.entries`,
  `select feed.moment(now())`,
  `select 1 from notification.contacts`,
  `select 1 from orders.customers`,
])('the role that watches may not: %s', async (statement) => {
  await expect(db.pools.observer.query(statement)).rejects.toMatchObject({ code: REFUSED });
});

test('the role that watches reads the feed', async () => {
  await db.pools.observer.query(`select * from feed.entries`);
});

test('nobody can have a table of their own told as if it were an order’s', async () => {
  for (const login of logins) {
    const connection = await db.pools[login].connect();
    try {
      await connection.query(`create temporary table forged (order_id uuid)`);
      await expect(
        connection.query(
          `create trigger forged after insert on forged for each row execute function feed.tell('status')`,
        ),
      ).rejects.toMatchObject({ code: REFUSED });
    } finally {
      connection.release(true);
    }
  }
});

test('a service that writes to its tables is told of, without a grant on the feed', async () => {
  for (const service of services)
    await db.pools[service].query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen)
       values ($1, gen_random_uuid(), gen_random_uuid(), 'run', 'REPEAT', 1)`,
      [service],
    );
  const { rows } = await db.owner.query(
    `select data ->> 'service' as service from feed.entries order by seq`,
  );
  expect(rows).toEqual(services.map((service) => ({ service })));
});
