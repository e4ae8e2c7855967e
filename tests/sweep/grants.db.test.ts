import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { services } from '../../schemas/services.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (const service of services)
    await db.owner.query(`insert into journal.unfinished (service, order_id, why) values ($1, $2, 'DUE')`, [
      service,
      randomUUID(),
    ]);
});
afterAll(() => db.close());

const REFUSED = '42501';
const others = services.flatMap((role) =>
  services.filter((other) => other !== role).map((other) => [role, other] as const),
);

test.each(others)('%s sees what %s has left unfinished, and changes nothing of it', async (role, other) => {
  const pool = db.pools[role];
  const seen = await pool.query(`select 1 from journal.unfinished where service = $1`, [other]);
  expect(seen.rowCount).toBe(1);
  const changed = await pool.query(`update journal.unfinished set rested_at = now() where service = $1`, [
    other,
  ]);
  expect(changed.rowCount).toBe(0);
  const moved = await pool.query(`update journal.sweeps set swept_until = now() where service = $1`, [other]);
  expect(moved.rowCount).toBe(0);
  await expect(
    pool.query(`insert into journal.unfinished (service, order_id, why) values ($1, $2, 'DUE')`, [
      other,
      randomUUID(),
    ]),
  ).rejects.toMatchObject({ code: REFUSED });
});

test.each(services)('%s has one mark, changes its own, and takes nothing back', async (service) => {
  const pool = db.pools[service];
  expect((await pool.query(`select service from journal.sweeps`)).rows).toEqual([{ service }]);
  expect((await pool.query(`update journal.sweeps set swept_until = now()`)).rowCount).toBe(1);
  const own = await pool.query(`update journal.unfinished set woken = woken + 1`);
  expect(own.rowCount).toBe(1);
  for (const statement of [
    `delete from journal.unfinished`,
    `delete from journal.sweeps`,
    `insert into journal.sweeps (service) values ('another')`,
    `update journal.unfinished set service = 'another'`,
  ])
    await expect(pool.query(statement)).rejects.toMatchObject({ code: REFUSED });
});

test.each(['operator', 'observer'] as const)('%ss read what is stuck, and change nothing', async (login) => {
  const pool = db.pools[login];
  const seen = await pool.query(`select service, order_id, stuck_at, rested_at from journal.unfinished`);
  expect(seen.rowCount).toBe(services.length);
  await expect(pool.query(`update journal.unfinished set rested_at = now()`)).rejects.toMatchObject({
    code: REFUSED,
  });
  await expect(pool.query(`select 1 from journal.sweeps`)).rejects.toMatchObject({ code: REFUSED });
});
