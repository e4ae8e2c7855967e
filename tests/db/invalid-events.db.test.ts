import { afterAll, beforeAll, expect, test } from 'vitest';
import { IdempotentConsumer } from '../../core/activity/consumer.js';
import type { Decision } from '../../core/activity/decision.js';
import type { EmittedEvent } from '../../core/event.js';
import { contract } from '../../schemas/registry.js';
import { createInventoryEffects } from '../../activities/inventory.js';
import { decideInventory } from '../../activities/inventory-rules.js';
import { createPaymentEffects } from '../../activities/payment.js';
import { decidePayment } from '../../activities/payment-rules.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { paymentStore } from '../../db/payment/payments.js';
import { createScene, type Scene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

/** What the rules decided, but for a mistake in the event. */
function spoilt<Row, Command, Result>(
  decision: Decision<Row, EmittedEvent, Command, Result>,
): Decision<Row, EmittedEvent, Command, Result> {
  switch (decision.kind) {
    case 'none':
      return decision;
    case 'do':
      return { ...decision, onResult: (result) => spoilt(decision.onResult(result)) };
    case 'change':
      if (!decision.emit) return decision;
      return { ...decision, emit: { ...decision.emit, data: { ...decision.emit.data, extra: 1 } } };
  }
}

/** Payment and Inventory as they are, and as they would be with a mistake in their rules. */
function servicesOf({ pools }: TestDatabase) {
  const reservationWait = 180_000;
  const [payments, reservations] = [paymentStore(pools.payment), inventoryStore(pools.inventory)];
  return {
    reservationWait,
    payment: createPaymentEffects(payments, { reservationWait }),
    inventory: createInventoryEffects(reservations),
    paymentConsumer: new IdempotentConsumer(contract, payments, (row) => row),
    inventoryConsumer: new IdempotentConsumer(contract, reservations, (row) => row),
  };
}

interface Attempt {
  readonly withMistake: () => Promise<unknown>;
  readonly without: () => Promise<{ readonly row: { readonly status: string } }>;
}

async function charge(scene: Scene): Promise<Attempt> {
  const { payment, paymentConsumer, reservationWait } = servicesOf(db);
  const order = await scene.publish('OrderCreatedEvent');
  const context = scene.context();
  const times = { now: context.now, reservationWait };
  return {
    withMistake: () =>
      paymentConsumer.consume(context, order, (row, event) => spoilt(decidePayment(row, event, times))),
    without: () => payment.charge(context, order),
  };
}

async function reserve(scene: Scene): Promise<Attempt> {
  const { inventory, inventoryConsumer } = servicesOf(db);
  const paid = await scene.publish('PaymentCompletedEvent');
  const context = scene.context();
  return {
    withMistake: () =>
      inventoryConsumer.consume(context, paid, (row, event) =>
        spoilt(decideInventory(row, event, context.now)),
      ),
    without: () => inventory.reserve(context, paid),
  };
}

async function refundByTimer(scene: Scene): Promise<Attempt> {
  const { payment, paymentConsumer, reservationWait } = servicesOf(db);
  const order = await scene.publish('OrderCreatedEvent');
  await payment.charge(scene.context(), order);
  scene.pass(reservationWait);
  const context = scene.context();
  const times = { now: context.now, reservationWait };
  const timeout = { type: 'TIMEOUT', wait: 'reservation', causeId: order.payload.eventId } as const;
  return {
    withMistake: () =>
      paymentConsumer.consume(context, timeout, (row, input) => spoilt(decidePayment(row, input, times))),
    without: () => payment.refund(context, timeout),
  };
}

/** Every row of every table: the services' own, their inboxes and ledgers, the journal, the feed. */
async function everything(): Promise<Readonly<Record<string, unknown>>> {
  const tables = await db.owner.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const contents = tables.rows.map(async ({ name }) => {
    const { rows } = await db.owner.query(
      `select to_jsonb(kept) as row from ${name} kept order by kept::text`,
    );
    return [name, rows] as const;
  });
  return Object.fromEntries(await Promise.all(contents));
}

test.each([
  ['a charge', charge, 'PaymentCompletedEvent', 'CHARGED'],
  ['a reservation', reserve, 'InventoryReservedEvent', 'RESERVED'],
  ['a refund by the clock', refundByTimer, 'PaymentCancelledEvent', 'REFUNDED'],
] as const)('%s whose event breaks its schema never happened', async (_, prepare, type, status) => {
  const scene = createScene(db);
  const { withMistake, without } = await prepare(scene);
  const before = await everything();
  await expect(withMistake()).rejects.toThrow(`${type} breaks its schema: [{"path":"extra"`);
  expect(await everything()).toEqual(before);
  expect((await without()).row.status).toBe(status);
  expect(await everything()).not.toEqual(before);
});
