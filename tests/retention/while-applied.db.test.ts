import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../core/postgres/pool.js';
import { subscribersOf } from '../../core/choreography.js';
import type { EpochMillis } from '../../core/event.js';
import { choreography, type EventType } from '../../schemas/catalogue.js';
import type { SagaEvent } from '../../schemas/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { applyEvent } from '../support/apply-event.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { forgetEverything } from '../support/past.js';
import { createActivitiesOf } from '../support/product-activities.js';
import { placementOf } from '../support/saga-world.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const config = {
  waits: { payment: 300_000, inventory: 180_000, saga: 600_000 },
  notification: { maxRetries: 3, retryIntervalMs: 60_000 },
  mail: { smtpUrl: 'smtp://unused', from: 'shop@shop.example' },
};

/** A pool whose transactions are interrupted by `then` once they have found their event in the journal. */
const interrupted = (pool: Pool, then: () => Promise<unknown>): Pool =>
  new Proxy(pool, {
    get: (target, name) => {
      if (name !== 'connect') return Reflect.get(target, name, target) as unknown;
      return async () => interruptedConnection(await target.connect(), then);
    },
  });

const interruptedConnection = <Connection extends object>(db: Connection, then: () => Promise<unknown>) =>
  new Proxy(db, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== 'query') return value.bind(target) as unknown;
      return async (text: string, values?: readonly unknown[]) => {
        const result: unknown = await value.call(target, text, values);
        if (text.includes('event.event_id = $1')) await then();
        return result;
      };
    },
  });

async function eventsOf(orderId: OrderId): Promise<readonly SagaEvent[]> {
  const { rows } = await db.owner.query<SagaEvent>(
    `select type, payload from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  return rows;
}

async function standing() {
  const { rows } = await db.owner.query<object>(
    `select to_jsonb(o) as o, to_jsonb(p) as p, to_jsonb(r) as r, to_jsonb(n) as n,
       (select count(*) from payment.wallet_ledger) as charges, (select count(*) from inventory.stock_ledger) as pieces
     from orders.orders o join payment.payments p using (order_id) join inventory.reservations r using (order_id)
       join notification.notifications n using (order_id) order by order_id`,
  );
  return rows;
}

const happyPath = [
  'OrderCreatedEvent',
  'PaymentCompletedEvent',
  'InventoryReservedEvent',
  'OrderCompletedNotificationSentEvent',
] as const satisfies readonly EventType[];

const arrivals = happyPath.flatMap((type) =>
  subscribersOf(choreography, type, null).map((subscriber) => [type, subscriber as Service] as const),
);

test.each(arrivals)(
  'an order is forgotten while its %s comes to %s once more: the row has the last word',
  async (type, subscriber) => {
    const orderId = await effectsAlone(db)(placementOf('alice', 'mouse'));
    const event = (await eventsOf(orderId)).find((one) => one.type === type);
    if (!event) throw new Error(`the order has no ${type}`);
    const before = await standing();
    let forgotten = 0;
    const pool = interrupted(db.pools[subscriber], async () => {
      forgotten += (await forgetEverything(db)).orders;
    });
    const effects = createActivitiesOf[subscriber]({ pool, deliver: () => Promise.resolve(), config });
    const now = Date.now() as EpochMillis;
    await applyEvent(
      subscriber,
      effects,
      { sagaId: orderId, runId: randomUUID(), now, seen: 1, malformed: [] },
      event,
    );
    expect(forgotten).toBe(1);
    expect(await standing()).toEqual(before);
    expect(await eventsOf(orderId)).toEqual([]);
    const { rows } = await db.owner.query(`select why from journal.drops where order_id = $1`, [orderId]);
    expect(rows).toEqual([{ why: 'NO_EFFECT' }]);
  },
);
