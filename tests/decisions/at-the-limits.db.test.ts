import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import avro from 'avsc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { strictTypes } from '../../core/avro/strict-types.js';
import type { CorrelationId } from '../../core/event.js';
import { findStock } from '../../db/inventory/stock.js';
import { findOrderView } from '../../db/order/order-view.js';
import { findWallet } from '../../db/payment/wallets.js';
import type { EventType } from '../../schemas/catalogue.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import { moneyTypes } from '../../schemas/money-types.js';
import type { PlacedItem, Placement } from '../../schemas/placement.js';
import { loadSchema } from '../../schemas/registry.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const krw = (amount: number) => ({ amount: amount as MinorUnits, currency: 'KRW' as Currency });
const customerId = 'c'.repeat(limits.identifier.max) as CustomerId;

/** Of the longest name. */
const skuOf = (index: number) => String(index).padStart(limits.identifier.max, 's') as Sku;

/** The most items, the most pieces, the longest names, and the highest price and total. */
const items: readonly PlacedItem[] = Array.from({ length: limits.items.max }, (_, index) => ({
  sku: skuOf(index),
  quantity: index === 0 ? limits.quantity.min : limits.quantity.max,
  unitPrice: krw(index === 0 ? limits.price.max : limits.price.min),
}));
const placement: Placement = {
  customerId,
  items,
  total: krw(limits.total.max),
  correlationId: randomUUID() as CorrelationId,
  requestDigest: null,
};

async function fill(): Promise<void> {
  const { owner } = db;
  await owner.query(`insert into payment.wallets (customer_id, currency, balance) values ($1, 'KRW', $2)`, [
    customerId,
    limits.balance.max,
  ]);
  await owner.query(
    `insert into inventory.stock (sku, available, reserved) select sku, $2, 0 from unnest($1::text[]) sku`,
    [items.map(({ sku }) => sku), limits.stock.max],
  );
}

/** The events of an order as avsc reads what it has written of them. */
async function eventsThroughAvro(orderId: OrderId) {
  const { rows } = await db.owner.query<{ type: EventType; version: number; payload: object }>(
    `select type, version, payload from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  return rows.map(({ type, version, payload }) => {
    const written = avro.Type.forSchema(loadSchema(type, version) as unknown as avro.Schema, {
      logicalTypes: { ...strictTypes, ...moneyTypes },
      wrapUnions: false,
    });
    const read: unknown = JSON.parse(JSON.stringify(written.fromBuffer(written.toBuffer(payload))));
    return { type, isTheSame: isDeepStrictEqual(read, payload) };
  });
}

test('an order at every limit goes through all services, rows, events and Avro', async () => {
  await fill();
  const orderId = await effectsAlone(db)(placement);
  expect(await eventsThroughAvro(orderId)).toEqual(
    [
      'OrderCreatedEvent',
      'PaymentCompletedEvent',
      'InventoryReservedEvent',
      'OrderCompletedNotificationSentEvent',
    ].map((type) => ({ type, isTheSame: true })),
  );
  expect(await findOrderView(db.pools.order, orderId)).toMatchObject({ status: 'COMPLETED', placement });
  expect(await findWallet(db.pools.payment, customerId)).toEqual({ customerId, balance: krw(0) });
  expect(await findStock(db.pools.inventory, skuOf(1))).toEqual({
    sku: skuOf(1),
    available: limits.stock.max - limits.quantity.max,
    reserved: limits.quantity.max,
  });
});

test.each<[string, Partial<Placement>]>([
  ['a total above its limit', { total: krw(limits.total.max + 1) }],
  ['one item too many', { items: [...items, { sku: 'more' as Sku, quantity: 1, unitPrice: krw(0) }] }],
  [
    'one piece too many',
    { items: [{ sku: skuOf(0), quantity: limits.quantity.max + 1, unitPrice: krw(0) }] },
  ],
  [
    'a price above its limit',
    { items: [{ sku: skuOf(0), quantity: 1, unitPrice: krw(limits.price.max + 1) }] },
  ],
  ['a name too long', { customerId: `${customerId}c` as CustomerId }],
])('%s leaves nothing behind: neither row nor event', async (_, over) => {
  const orderId = randomUUID() as OrderId;
  await expect(effectsAlone(db)({ ...placement, ...over }, orderId)).rejects.toThrow();
  const { rows } = await db.owner.query(
    `select order_id from orders.orders where order_id = $1 union select order_id from journal.events where order_id = $1`,
    [orderId],
  );
  expect(rows).toEqual([]);
});
