import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderStore } from '../../db/order/orders.js';
import type { OrderId } from '../../schemas/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { lockIsWaitedFor } from '../support/lock-is-waited-for.js';
import { storeOrder } from '../support/shop.js';

let db: TestDatabase;
beforeAll(async () => void (db = await createTestDatabase()));
afterAll(() => db.close());

/** Two transactions on one order, side by side; what each saw, in the order in which it went on. */
async function twoAtOnce(orderId: OrderId): Promise<readonly string[]> {
  const steps: string[] = [];
  const lock = () =>
    orderStore(db.pools.order).transaction(async (tx) => {
      const { status } = await tx.lock(orderId);
      steps.push(`${status} locked`);
      await sleep(100);
      steps.push('done');
    });
  await Promise.all([lock(), lock()]);
  return steps;
}

test('an order that is not there yet is locked by one transaction at a time, again and again', async () => {
  const orderId = randomUUID() as OrderId;
  const expected = ['NOTHING locked', 'done', 'NOTHING locked', 'done'];
  expect(await twoAtOnce(orderId)).toEqual(expected);
  expect(await twoAtOnce(orderId)).toEqual(expected);
});

test('so is one that is there', async () => {
  const { orderId } = await storeOrder(db.owner);
  expect(await twoAtOnce(orderId)).toEqual([
    'PENDING_PAYMENT locked',
    'done',
    'PENDING_PAYMENT locked',
    'done',
  ]);
});

test('an order that is placed while another transaction waits for it is what that one sees, and holds', async () => {
  const orderId = randomUUID() as OrderId;
  const placing = await db.owner.connect();
  try {
    await placing.query('begin');
    await placing.query('insert into orders.claims (order_id) values ($1)', [orderId]);
    const waiting = twoAtOnce(orderId);
    await storeOrder(db.owner, { orderId });
    await placing.query('commit');
    expect(new Set(await waiting)).toEqual(new Set(['PENDING_PAYMENT locked', 'done']));
  } finally {
    placing.release();
  }
});

test('it holds it against those, too, that come when the order is there', async () => {
  const orderId = randomUUID() as OrderId;
  const placing = await db.owner.connect();
  try {
    await placing.query('begin');
    await placing.query('insert into orders.claims (order_id) values ($1)', [orderId]);
    const steps: string[] = [];
    let later: Promise<unknown> | undefined;
    const store = orderStore(db.pools.order);
    const waiting = store.transaction(async (tx) => {
      steps.push((await tx.lock(orderId)).status);
      later = store.transaction(async (other) => steps.push(`later ${(await other.lock(orderId)).status}`));
      await Promise.race([later, lockIsWaitedFor(db.owner)]);
      steps.push('done');
    });
    await lockIsWaitedFor(db.owner);
    await storeOrder(db.owner, { orderId });
    await placing.query('commit');
    await waiting;
    await later;
    expect(steps).toEqual(['PENDING_PAYMENT', 'done', 'later PENDING_PAYMENT']);
  } finally {
    placing.release();
  }
});

test('no lock of another service keeps Order waiting', async () => {
  const orderId = randomUUID() as OrderId;
  const other = await db.pools.inventory.connect();
  try {
    await other.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [orderId]).catch(() => undefined);
    expect(await twoAtOnce(orderId)).toHaveLength(4);
  } finally {
    other.release(true);
  }
});
