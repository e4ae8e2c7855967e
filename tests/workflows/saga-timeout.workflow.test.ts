import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, standard, type World } from '../support/saga-world.js';
import { published, shopSums } from '../support/shop-sums.js';

/** The saga's deadline comes before every other. */
const settings = { ...standard, waits: { payment: 300_000, inventory: 180_000, saga: 120_000 } };

let world: World;
beforeAll(async () => (world = await createWorld(settings)));
afterAll(() => world.close());

test.each([
  ['payment', 'PENDING_PAYMENT', 'PAYMENT_FAILED', { status: 'DECLINED', reason: 'PAYMENT_TIMEOUT' }],
  ['inventory', 'PAYMENT_COMPLETED', 'OUT_OF_STOCK', { status: 'REFUNDED', reason: 'ORDER_CANCELLED' }],
] as const)(
  '%s does not answer by the saga deadline: %s becomes %s',
  async (silent, waiting, final, payment) => {
    const held: (() => Promise<void>)[] = [];
    world.deliver = (next) => (subscriber, event) => {
      if (subscriber !== silent) return next(subscriber, event);
      held.push(() => next(subscriber, event));
      return Promise.resolve();
    };
    const before = await shopSums(world.db.owner);
    const orderId = await world.place();
    await world.env.sleep('115s');
    expect(await world.order(orderId)).toMatchObject({ status: waiting });
    await world.finished('order', orderId);
    expect(await world.order(orderId)).toMatchObject({ status: final, reason: 'SAGA_TIMEOUT' });
    expect(await published(world.db.owner, orderId)).toContain('OrderCancelledEvent');
    world.deliver = (next) => next;
    for (const deliver of held) await deliver();
    await world.finished('payment', orderId);
    const { rows } = await world.db.owner.query(
      'select status, reason from payment.payments where order_id = $1',
      [orderId],
    );
    expect(rows).toEqual([payment]);
    if (silent === 'inventory') await world.finished('inventory', orderId);
    expect(await shopSums(world.db.owner)).toEqual(before);
  },
);
