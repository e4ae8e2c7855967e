import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EffectContext } from '../../core/activity/effect.js';
import { createPaymentEffects } from '../../activities/payment.js';
import { paymentStore } from '../../db/payment/payments.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { createScene } from './scene.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

/** A payment that is told of its order as often as a test says. */
async function payment() {
  const scene = createScene(db);
  const order = await scene.publish('OrderCreatedEvent');
  const effects = createPaymentEffects(paymentStore(db.pools.payment), { reservationWait: 180_000 });
  const context = (told: Partial<EffectContext>): EffectContext => ({ ...scene.context(), ...told });
  const charge = (told: Partial<EffectContext>) => effects.charge(context(told), order);
  const makeVoid = (told: Partial<EffectContext>) => effects.void(context(told), order);
  const count = async (sql: string) => {
    const { rows } = await db.owner.query<{ count: number }>(sql, [scene.orderId]);
    return rows[0]?.count;
  };
  const repeats = () =>
    count(
      `select coalesce(sum(seen), 0)::int as count from journal.drops where order_id = $1 and why = 'REPEAT'`,
    );
  const charges = () =>
    count(`select count(*)::int as count from payment.wallet_ledger where order_id = $1 and kind = 'CHARGE'`);
  return { orderId: scene.orderId, charge, makeVoid, repeats, charges };
}

test.each([
  ['told once', [{ seen: 1 }], 0],
  ['told once, and run again after a crash', [{ seen: 1 }, { seen: 1 }], 0],
  ['told twice before it was used', [{ seen: 2 }], 1],
  ['told again while it was used', [{ seen: 1 }, { seen: 2 }], 1],
  [
    'told three times more, of which the counts come out of order',
    [{ seen: 1 }, { seen: 4 }, { seen: 3 }],
    3,
  ],
  ['told once each in two runs', [{ seen: 1 }, { runId: 'later', seen: 1 }], 1],
  ['told once, and twice in a later run', [{ seen: 1 }, { runId: 'later', seen: 2 }], 2],
] as const)('an event %s: it is charged once, and the repeats are counted', async (_, told, expected) => {
  const { charge, repeats, charges } = await payment();
  for (const context of told) await charge(context);
  expect([await charges(), await repeats()]).toEqual([1, expected]);
});

test('a copy that comes between a charge that failed and its second look is one repeat', async () => {
  const { charge, makeVoid, repeats, charges } = await payment();
  await makeVoid({ seen: 2 });
  await charge({ seen: 2 });
  expect([await charges(), await repeats()]).toEqual([0, 1]);
});

test('where the database has forgotten that it was applied, the row decides, and it counts as new', async () => {
  const { orderId, charge, repeats, charges } = await payment();
  await charge({ seen: 1 });
  await db.owner.query('delete from payment.inbox where order_id = $1', [orderId]);
  const { row } = await charge({ runId: 'later', seen: 1 });
  expect(row.status).toBe('CHARGED');
  expect([await charges(), await repeats()]).toEqual([1, 0]);
  const { rows } = await db.owner.query(`select why, seen from journal.drops where order_id = $1`, [orderId]);
  expect(rows).toEqual([{ why: 'NO_EFFECT', seen: 1 }]);
});
