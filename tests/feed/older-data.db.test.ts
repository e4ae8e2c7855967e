import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { migrateSchema } from '../../db/migrate.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { readMessages, type Received } from '../support/feed.js';
import { placementOf } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

async function migrateAgain(): Promise<void> {
  const owner = new pg.Client({ connectionString: db.ownerUrl });
  await owner.connect();
  await migrateSchema(owner).finally(() => owner.end());
}

const told = () => readMessages(db.pools.observer);
const withoutId = ({ kind, data }: Received) => ({ kind, data });

test('what happened before there was a feed is in it', async () => {
  const run = effectsAlone(db);
  const orderId = await run(placementOf('alice', 'figurine'));
  await run(placementOf('alice', 'mouse'));
  await db.pools.order.query(
    `insert into orders.attention values ($1, 'NOTIFICATION_OVERDUE', now(), now() + interval '1 second')`,
    [orderId],
  );
  await db.pools.payment.query(
    `insert into journal.quarantine
       (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
     values ('payment', $1, 'w', 'r', 'Odd', 'UNKNOWN_EVENT', '', '', '', 2)`,
    [orderId],
  );
  await db.pools.inventory.query(
    `insert into journal.drops (service, order_id, event_id, run_id, why, seen) values ('inventory', $1, $1, 'r', 'REPEAT', 1)`,
    [orderId],
  );
  await db.pools.operator.query(
    `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
     values ('Ann', 'NOTIFICATION_RETRY', $1, 'NOT_PARKED', '')`,
    [orderId],
  );
  await db.pools.notification.query(
    `insert into notification.operator_actions values ($1, $2, 'Bea', 'RETRY', now() + interval '2 seconds')`,
    [randomUUID(), orderId],
  );
  // The releases of that time recorded an event after its order's time.
  await db.owner.query('update journal.events set recorded_at = occurred_at');
  const live = await told();

  await db.owner.query(`drop schema feed cascade`);
  await db.owner.query(await readFile(new URL('../../db/migrations/0007_feed.sql', import.meta.url), 'utf8'));

  const past = await told();
  const kinds = past.filter(({ data }) => data['orderId'] === orderId).map(({ kind }) => kind);
  expect(kinds[0]).toBe('placed');
  expect(kinds.slice(-2)).toEqual(['attention', 'operator']);
  // Only the last state of what changes is known; everything else is as it was sent live.
  const isLast = ({ kind, data }: Received) =>
    (kind !== 'attempt' || data['fate'] !== null) &&
    (kind !== 'notification' || data['status'] !== 'SENDING');
  const byText = (messages: readonly Received[]) =>
    messages.map((message) => JSON.stringify(withoutId(message))).toSorted();
  expect(byText(past)).toEqual(byText(live.filter(isLast)));
});

test('a feed that was restored into another cluster goes on, in its order', async () => {
  const before = await told();
  await db.owner.query(
    `update feed.entries set written_by = (written_by::text::bigint + 4e9::bigint)::text::xid8`,
  );
  await effectsAlone(db)(placementOf('bob', 'mouse'));
  await migrateAgain();

  const after = await told();
  expect(after.slice(0, before.length).map(withoutId)).toEqual(before.map(withoutId));
  expect(after.length).toBeGreaterThan(before.length);
  await effectsAlone(db)(placementOf('bob', 'mouse'));
  expect((await told()).slice(0, after.length)).toEqual(after);
  await migrateAgain();
  expect((await told()).slice(0, after.length)).toEqual(after);
});
