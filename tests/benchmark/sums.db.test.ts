import { afterAll, beforeAll, expect, test } from 'vitest';
import { Shop } from '../../benchmark/load/shop.js';
import { wrongSums } from '../../benchmark/load/sums.js';
import { storePlainOrder } from '../../benchmark/plain/place.js';
import { createPlainSteps, type PlainSteps } from '../../benchmark/plain/steps.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let shop: Shop;
let steps: PlainSteps;
const sent: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  shop = await Shop.open(database.owner, 'sums');
  const sendMail = (mail: { readonly to: string }) => Promise.resolve(void sent.push(mail.to));
  steps = createPlainSteps({ pools: database.pools, sendMail });
});
afterAll(() => database.close());

const wrong = () => wrongSums(database.owner, shop.name);

test('an order that is charged and reserved agrees with wallets, stock and ledgers', async () => {
  const order = shop.order();
  await storePlainOrder(database.pools.order, order);
  expect(await steps.charge(order)).toBe('DONE');
  expect(await steps.reserve(order)).toBe('DONE');
  await steps.confirm(order);
  await steps.sendMail(order);
  await steps.complete(order);
  expect(await wrong()).toEqual([]);
  expect(sent).toEqual([`${order.customerId}@shop.example`]);
});

test('a step that is called again changes nothing, and says the same', async () => {
  const order = shop.order();
  await storePlainOrder(database.pools.order, order);
  for (let calls = 0; calls < 2; calls++) {
    expect(await steps.charge(order)).toBe('DONE');
    expect(await steps.reserve(order)).toBe('DONE');
  }
  expect(await wrong()).toEqual([]);
  for (let calls = 0; calls < 2; calls++) {
    await steps.release(order);
    await steps.refund(order);
    await steps.cancel(order, 'INVENTORY_ERROR');
  }
  expect(await wrong()).toEqual([]);
});

test('an order that fails after it was charged, and is not refunded, is found', async () => {
  const order = shop.outOfStock();
  await storePlainOrder(database.pools.order, order);
  expect(await steps.charge(order)).toBe('DONE');
  expect(await steps.reserve(order)).toBe('OUT_OF_STOCK');
  await steps.cancel(order, 'OUT_OF_STOCK');
  expect(await wrong()).toEqual([
    expect.stringMatching(new RegExp(`^${order.customerId} was charged \\d+ for orders of \\d+$`)),
  ]);
  await steps.refund(order);
  expect(await wrong()).toEqual([]);
});

test('pieces that nobody ordered, and a wallet that its ledger does not explain, are found', async () => {
  const { customerId, items } = shop.order();
  const sku = items[0]?.sku;
  await database.owner.query(
    `update inventory.stock set available = available - 1, reserved = reserved + 1 where sku = $1`,
    [sku],
  );
  await database.owner.query('update payment.wallets set balance = balance + 1 where customer_id = $1', [
    customerId,
  ]);
  expect(await wrong()).toEqual([
    expect.stringMatching(`^the wallet of ${customerId} has`),
    expect.stringMatching(`^of ${sku} there are`),
    expect.stringMatching(`^of ${sku} .* pieces are reserved for orders of`),
  ]);
});
