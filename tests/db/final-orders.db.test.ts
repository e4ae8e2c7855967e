import { afterAll, beforeAll, expect, test } from 'vitest';
import { isFinal, orderStatuses } from '../../schemas/order-status.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { storeOrder } from '../support/shop.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const failures: readonly string[] = ['PAYMENT_FAILED', 'OUT_OF_STOCK'];

test('who waits is told of each order that becomes final, however it ends, and of no other', async () => {
  const others = orderStatuses.filter((status) => status !== 'PENDING_PAYMENT');
  const orders = await Promise.all(
    others.map(async (status) => ({ status, orderId: (await storeOrder(db.owner)).orderId })),
  );
  const listener = await db.pools.observer.connect();
  const told: (string | undefined)[] = [];
  try {
    listener.on('notification', ({ payload }) => told.push(payload));
    await listener.query('listen final_orders');
    for (const { status, orderId } of orders)
      await db.owner.query(`update orders.orders set status = $2, reason = $3 where order_id = $1`, [
        orderId,
        status,
        failures.includes(status) ? 'NO_WALLET' : null,
      ]);
    const final = orders.filter(({ status }) => isFinal(status)).map(({ orderId }) => orderId);
    expect(final).toHaveLength(3);
    // What was told before it comes with the answer to a later statement.
    await listener.query('select 1');
    await expect.poll(() => told).toEqual(final);
  } finally {
    listener.release(true);
  }
});
