import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createInventoryEffects } from '../../activities/inventory.js';
import { createPaymentEffects } from '../../activities/payment.js';
import type { EffectContext } from '../../core/activity/effect.js';
import type { EpochMillis } from '../../core/event.js';
import { databaseTime } from '../../core/postgres/database-time.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { paymentStore } from '../../db/payment/payments.js';
import { createScene, type Scene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { lockIsWaitedFor } from '../support/lock-is-waited-for.js';
import { placementOf } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());
afterEach(() => vi.useRealTimers());

const HOUR = 3_600_000;

const now = () => databaseTime(db.owner);

/** A scene by the database's clock, and what an effect is passed by a workflow whose clock is off by so much. */
async function sceneOf(offset: number) {
  const scene = createScene(db, await now());
  const context = (): EffectContext => {
    const given = scene.context();
    return { ...given, now: (given.now + offset) as EpochMillis };
  };
  return { scene, context };
}

const payment = (reservationWait: number) =>
  createPaymentEffects(paymentStore(db.pools.payment), { reservationWait });

interface Written {
  readonly type: string;
  readonly at: number;
  readonly answerBy: number | null;
  readonly reason: string | null;
}

async function lastEvent({ orderId }: Scene): Promise<Written | undefined> {
  const { rows } = await db.owner.query<Written>(
    `select type, (payload->>'occurredAt')::bigint as at, (payload->>'answerBy')::bigint as "answerBy",
       payload->>'reason' as reason
     from journal.events where order_id = $1 order by seq desc limit 1`,
    [orderId],
  );
  return rows[0];
}

async function ledgerTime({ orderId }: Scene): Promise<number | undefined> {
  const { rows } = await db.owner.query<{ at: Date }>(
    'select at from payment.wallet_ledger where order_id = $1',
    [orderId],
  );
  return rows[0]?.at.getTime();
}

describe('a task that is held up', () => {
  test('charges when it does, not when its workflow last looked at the clock; all that is written agrees', async () => {
    const { scene, context } = await sceneOf(-4_000);
    const order = await scene.publish('OrderCreatedEvent');
    const before = await now();
    await payment(4_000).charge(context(), order);
    const charged = await lastEvent(scene);
    expect(charged).toMatchObject({ type: 'PaymentCompletedEvent' });
    expect(charged?.at).toBeGreaterThanOrEqual(before);
    expect(charged?.at).toBeLessThanOrEqual(await now());
    expect(charged?.answerBy).toBe(Number(charged?.at) + 4_000);
    expect(await ledgerTime(scene)).toBe(charged?.at);
  });

  test('leaves Inventory the whole of a short wait', async () => {
    const { scene, context } = await sceneOf(-4_000);
    const order = await scene.publish('OrderCreatedEvent');
    const charged = await payment(4_000).charge(context(), order);
    const answerBy = 'answerBy' in charged.row ? charged.row.answerBy : 0;
    const event = await scene.publish('PaymentCompletedEvent', { answerBy });
    const inventory = createInventoryEffects(inventoryStore(db.pools.inventory));
    expect((await inventory.reserve(context(), event)).row).toEqual({ status: 'RESERVED' });
  });

  test('does not charge near its deadline, which the clock of its workflow has not reached (R6)', async () => {
    const { scene, context } = await sceneOf(-10_000);
    const occurredAt = (await now()) - 8_000;
    const order = await scene.publish('OrderCreatedEvent', { occurredAt, answerBy: occurredAt + 8_500 });
    const { row } = await payment(180_000).charge(context(), order);
    expect(row).toEqual({ status: 'DECLINED', reason: 'PAYMENT_TIMEOUT' });
  });

  test('a wait for the lock counts', async () => {
    const { scene, context } = await sceneOf(0);
    const order = await scene.publish('OrderCreatedEvent');
    let released = 0;
    let charging: Promise<unknown> | undefined;
    await withTransaction(db.pools.payment, async (tx) => {
      await tx.query(
        `insert into payment.payments (order_id, status, updated_at) values ($1, 'NOTHING', now())`,
        [scene.orderId],
      );
      charging = payment(180_000).charge(context(), order);
      await lockIsWaitedFor(db.owner);
      released = await now();
    });
    await charging;
    expect((await lastEvent(scene))?.at).toBeGreaterThanOrEqual(released);
  });
});

test('where the database is behind, an effect is not dated before its workflow asked for it', async () => {
  const { scene, context } = await sceneOf(HOUR);
  const asked = context();
  await payment(180_000).charge(
    asked,
    await scene.publish('OrderCreatedEvent', { answerBy: asked.now + HOUR }),
  );
  expect(await lastEvent(scene)).toMatchObject({ at: asked.now, answerBy: asked.now + 180_000 });
  expect(await ledgerTime(scene)).toBe(asked.now);
});

test.each([
  ['ahead', HOUR],
  ['behind', -HOUR],
])("workers whose clocks are an hour %s leave no trace of it in an order's story", async (_, offset) => {
  const before = await now();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offset });
  // Not the workflows' clocks, which Temporal sets.
  const orderId = await effectsAlone(db, () => before)(placementOf('alice', 'mouse'));
  const after = await now();
  const { rows } = await db.owner.query<{ what: string; at: Date }>(
    `select 'history' as what, at from orders.status_history where order_id = $1
     union all select 'told', told_at from orders.orders where order_id = $1
     union all select 'created', created_at from orders.orders where order_id = $1
     union all select 'updated', updated_at from orders.orders where order_id = $1
     union all select 'wallet', at from payment.wallet_ledger where order_id = $1
     union all select 'payment', updated_at from payment.payments where order_id = $1
     union all select 'stock', at from inventory.stock_ledger where order_id = $1
     union all select 'reservation', updated_at from inventory.reservations where order_id = $1
     union all select 'notification', updated_at from notification.notifications where order_id = $1
     union all select 'sent', sent_at from notification.notifications where order_id = $1
     union all select 'attempt', ended_at from notification.attempts where order_id = $1
     union all select type, occurred_at from journal.events where order_id = $1
     union all select 'delivered', delivered_at from journal.events where order_id = $1`,
    [orderId],
  );
  expect(rows).toHaveLength(4 + 3 + 2 + 2 + 3 + 4 + 4);
  expect(rows.filter(({ at }) => at.getTime() < before - 1 || at.getTime() > after)).toEqual([]);
  const latest = (what: string) =>
    Math.max(...rows.filter((row) => row.what === what).map(({ at }) => at.getTime()));
  expect(latest('updated')).toBe(latest('history'));
  expect(latest('reservation')).toBe(latest('stock'));
  expect(latest('payment')).toBeGreaterThanOrEqual(latest('InventoryReservedEvent'));
  expect(latest('notification')).toBe(latest('sent'));
});
