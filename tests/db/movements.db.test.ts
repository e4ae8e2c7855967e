import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EpochMillis } from '../../core/event.js';
import type { StockCommand } from '../../db/inventory/reservation-row.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { WalletCommand } from '../../db/payment/payment-row.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const newId = () => randomUUID() as OrderId;
const AT = 1_700_000_000_123 as EpochMillis;

const stock = (orderId: OrderId, kind: StockCommand['kind'], pieces: Readonly<Record<string, number>>) => {
  const unitPrice = { amount: 1 as MinorUnits, currency: 'KRW' as Currency };
  const items = Object.entries(pieces).map(([sku, quantity]) => ({ sku: sku as Sku, quantity, unitPrice }));
  return inventoryStore(db.pools.inventory).transaction(async (tx) =>
    tx.perform?.(orderId, { kind, items }, AT),
  );
};

const money = (
  orderId: OrderId,
  kind: WalletCommand['kind'],
  amount: number,
  { customer = 'alice', currency = 'KRW' } = {},
) => {
  const total = { amount: amount as MinorUnits, currency: currency as Currency };
  const command: WalletCommand = { kind, customerId: customer as CustomerId, total };
  return paymentStore(db.pools.payment).transaction(async (tx) => tx.perform?.(orderId, command, AT));
};

const ledger = async (table: string, columns: string, orderId: OrderId) => {
  const { rows } = await db.owner.query<object>(
    `select ${columns}, at from ${table} where order_id = $1 order by entry_id`,
    [orderId],
  );
  return rows;
};
const movedPieces = (orderId: OrderId) =>
  ledger(
    'inventory.stock_ledger',
    'sku, kind, available_change as available, reserved_change as reserved',
    orderId,
  );
const movedMoney = (orderId: OrderId) =>
  ledger('payment.wallet_ledger', 'customer_id as customer, kind, amount', orderId);

const onShelf = async (sku: string) => {
  const { rows } = await db.owner.query<object>(
    'select available, reserved from inventory.stock where sku = $1',
    [sku],
  );
  return rows[0];
};
const walletOf = async (customer: string) => {
  const { rows } = await db.owner.query<object>(
    'select balance, charged from payment.wallets where customer_id = $1',
    [customer],
  );
  return rows[0];
};

const at = new Date(AT);

test('all pieces of all products are set aside, down to the last one, and go back', async () => {
  const orderId = newId();
  const pieces = { mouse: 2, keyboard: 100 };
  expect(await stock(orderId, 'reserve', pieces)).toBe('DONE');
  expect([await onShelf('mouse'), await onShelf('keyboard')]).toEqual([
    { available: 998, reserved: 2 },
    { available: 0, reserved: 100 },
  ]);
  expect(await stock(orderId, 'release', pieces)).toBe('DONE');
  expect([await onShelf('mouse'), await onShelf('keyboard')]).toEqual([
    { available: 1_000, reserved: 0 },
    { available: 100, reserved: 0 },
  ]);
  const entries = [
    { sku: 'mouse', kind: 'RESERVE', available: -2, reserved: 2, at },
    { sku: 'keyboard', kind: 'RESERVE', available: -100, reserved: 100, at },
    { sku: 'mouse', kind: 'RELEASE', available: 2, reserved: -2, at },
    { sku: 'keyboard', kind: 'RELEASE', available: 100, reserved: -100, at },
  ];
  const moved = await movedPieces(orderId);
  expect(moved).toHaveLength(4);
  expect(moved).toEqual(expect.arrayContaining(entries));
});

test.each([
  ['one product is short', { mouse: 1, figurine: 1 }, 'OUT_OF_STOCK'],
  ['there is a piece too few', { mouse: 1, keyboard: 101 }, 'OUT_OF_STOCK'],
  ['one product is unknown', { mouse: 1, unicorn: 1 }, 'UNKNOWN_SKU'],
] as const)('where %s, nothing moves', async (_, pieces, result) => {
  const orderId = newId();
  expect(await stock(orderId, 'reserve', pieces)).toBe(result);
  expect(await movedPieces(orderId)).toEqual([]);
  expect(await onShelf('mouse')).toEqual({ available: 1_000, reserved: 0 });
});

test('what is not set aside cannot go back', async () => {
  const orderId = newId();
  await expect(stock(orderId, 'release', { mouse: 1 })).rejects.toThrow(
    `stock reserved for order ${orderId} is gone`,
  );
  expect(await movedPieces(orderId)).toEqual([]);
});

test('the whole amount is taken, down to the last unit, and given back', async () => {
  const orderId = newId();
  expect(await money(orderId, 'debit', 1_000_000)).toBe('DONE');
  expect(await walletOf('alice')).toEqual({ balance: 0, charged: 1_000_000 });
  expect(await money(orderId, 'credit', 1_000_000)).toBe('DONE');
  expect(await walletOf('alice')).toEqual({ balance: 1_000_000, charged: 0 });
  expect(await movedMoney(orderId)).toEqual([
    { customer: 'alice', kind: 'CHARGE', amount: -1_000_000, at },
    { customer: 'alice', kind: 'REFUND', amount: 1_000_000, at },
  ]);
});

test('charges of several orders add up', async () => {
  const [one, other] = [newId(), newId()];
  await money(one, 'debit', 300);
  await money(other, 'debit', 500);
  expect(await walletOf('alice')).toEqual({ balance: 999_200, charged: 800 });
  await money(one, 'credit', 300);
  expect(await walletOf('alice')).toEqual({ balance: 999_500, charged: 500 });
  await money(other, 'credit', 500);
});

test.each([
  ['holds a unit too little', 1_001, { customer: 'bob' }, 'INSUFFICIENT_BALANCE'],
  ['is in another currency', 1, { currency: 'EUR' }, 'NO_WALLET'],
  ['is not there', 1, { customer: 'nobody' }, 'NO_WALLET'],
] as const)('where the wallet %s, nothing is taken', async (_, amount, of, result) => {
  const orderId = newId();
  expect(await money(orderId, 'debit', amount, of)).toBe(result);
  expect(await movedMoney(orderId)).toEqual([]);
  expect(await walletOf('bob')).toEqual({ balance: 1_000, charged: 0 });
});

test.each([{ customer: 'nobody' }, { currency: 'EUR' }])(
  'no money goes to a wallet that was not charged: %j',
  async (of) => {
    const orderId = newId();
    await expect(money(orderId, 'credit', 1, of)).rejects.toThrow(
      `the wallet charged for order ${orderId} is gone`,
    );
    expect(await movedMoney(orderId)).toEqual([]);
  },
);
