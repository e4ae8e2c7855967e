import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../core/activity/store.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { buildPatched, type Patch } from '../../core/simulation/build.js';
import type { StockCommand, StockResult } from '../../db/inventory/reservation-row.js';
import type { WalletCommand } from '../../db/payment/payment-row.js';
import type { Currency, CustomerId, MinorUnits, OrderId, Sku } from '../../schemas/ids.js';
import type { PlacedItem } from '../../schemas/placement.js';
import type { Service } from '../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { lockIsWaitedFor } from '../support/lock-is-waited-for.js';

// Mistakes that only SQL can hold, which the simulation does not see: its tables have locks and policies of their own.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

type AnyStore = Store<{ readonly status: string }, never, unknown>;
type StoreOf = (pool: Pool) => AnyStore;

const stores: Readonly<Partial<Record<Service, readonly [file: string, name: string]>>> = {
  payment: ['db/payment/payments.ts', 'paymentStore'],
  inventory: ['db/inventory/reservations.ts', 'inventoryStore'],
  notification: ['db/notification/notifications.ts', 'notificationStore'],
  order: ['db/order/orders.ts', 'orderStore'],
};

async function withStore(
  service: Service,
  patches: readonly Patch[],
  use: (store: AnyStore) => Promise<void>,
): Promise<void> {
  const [file = '', name = ''] = stores[service] ?? [];
  const built = await buildPatched(file, patches);
  try {
    const module = (await import(pathToFileURL(built.file).href)) as Readonly<Record<string, StoreOf>>;
    await use(module[name]?.(db.pools[service]) as AnyStore);
  } finally {
    await built.remove();
  }
}

/** One transaction at a time has a row, the second time as well, when it is there already. */
async function oneAtATime(store: AnyStore): Promise<void> {
  const orderId = randomUUID() as OrderId;
  // To connect may take longer than the lock is looked for.
  const connect = () => store.transaction(() => Promise.resolve());
  await Promise.all([connect(), connect()]);
  for (let time = 1; time <= 2; time++) {
    const steps: string[] = [];
    const lock = (meanwhile: () => Promise<unknown> = () => Promise.resolve()) =>
      store.transaction(async (tx) => {
        await tx.lock(orderId);
        steps.push('locked');
        await meanwhile();
        steps.push('done');
      });
    let second: Promise<void> | undefined;
    await lock(() => {
      second = lock();
      return Promise.race([second, lockIsWaitedFor(db.owner)]);
    });
    await second;
    expect(steps).toEqual(['locked', 'done', 'locked', 'done']);
  }
}

const item = (sku: string, quantity: number): PlacedItem => ({
  sku: sku as Sku,
  quantity,
  unitPrice: { amount: 1 as MinorUnits, currency: 'KRW' as Currency },
});

/** What an order moves, by product: available and reserved pieces. */
async function movedBy(orderId: OrderId): Promise<unknown> {
  const { rows } = await db.owner.query<{ moved: unknown }>(
    `select coalesce(json_object_agg(sku, array[available, reserved]), '{}') as moved from (
       select sku, sum(available_change)::int as available, sum(reserved_change)::int as reserved
       from inventory.stock_ledger where order_id = $1 group by sku) sums`,
    [orderId],
  );
  return rows[0]?.moved;
}

const perform = (store: AnyStore, orderId: OrderId, command: StockCommand | WalletCommand) =>
  store.transaction(async (tx) => {
    await tx.lock(orderId);
    return tx.perform?.(orderId, command as never, Date.now() as EpochMillis);
  });

/** All pieces of all products are taken and given back, or none. */
async function allPieces(store: AnyStore): Promise<void> {
  const orderId = randomUUID() as OrderId;
  const items = [item('mouse', 2), item('keyboard', 3)];
  expect(await perform(store, orderId, { kind: 'reserve', items })).toBe('DONE' satisfies StockResult);
  expect(await movedBy(orderId)).toEqual({ mouse: [-2, 2], keyboard: [-3, 3] });
  await perform(store, orderId, { kind: 'release', items });
  expect(await movedBy(orderId)).toEqual({ mouse: [0, 0], keyboard: [0, 0] });

  const all = [item('keyboard', 100)];
  const last = randomUUID() as OrderId;
  expect(await perform(store, last, { kind: 'reserve', items: all })).toBe('DONE');
  await perform(store, last, { kind: 'release', items: all });
  expect(await movedBy(last)).toEqual({ keyboard: [0, 0] });

  const another = randomUUID() as OrderId;
  const short = [item('mouse', 1), item('figurine', 1)];
  expect(await perform(store, another, { kind: 'reserve', items: short })).toBe('OUT_OF_STOCK');
  expect(await movedBy(another)).toEqual({});
}

/** The whole amount is taken, in its currency, and given back. */
async function wholeAmount(store: AnyStore): Promise<void> {
  const orderId = randomUUID() as OrderId;
  const money = (amount: number, currency: string) => ({
    ...{ customerId: 'alice' as CustomerId },
    total: { amount: amount as MinorUnits, currency: currency as Currency },
  });
  const charged = async () => {
    const { rows } = await db.owner.query<{ sum: number; charged: number }>(
      `select coalesce(-sum(amount), 0)::int as sum, (select charged from payment.wallets where customer_id = 'alice')
       from payment.wallet_ledger where order_id = $1`,
      [orderId],
    );
    return rows[0];
  };
  expect(await perform(store, orderId, { kind: 'debit', ...money(75_000, 'EUR') })).toBe('NO_WALLET');
  expect(await perform(store, orderId, { kind: 'debit', ...money(75_000, 'KRW') })).toBe('DONE');
  expect(await charged()).toEqual({ sum: 75_000, charged: 75_000 });
  await perform(store, orderId, { kind: 'credit', ...money(75_000, 'KRW') });
  expect(await charged()).toEqual({ sum: 0, charged: 0 });
}

/** The policy binds the type of an event to the role that publishes it. */
async function ownTypesOnly(): Promise<void> {
  const [orderId, causationId] = [randomUUID(), randomUUID() as EventId];
  const append = db.pools.payment.query(
    `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
     values (journal.event_id_of($1, 'InventoryReservedEvent', $2), $1, 'InventoryReservedEvent', 1, $1, $2, now(), '{}')`,
    [orderId, causationId],
  );
  await expect(append).rejects.toMatchObject({ code: '42501' });
}

const scenarios = {
  'one transaction at a time': oneAtATime,
  'all pieces or none': allPieces,
  'the whole amount': wholeAmount,
};

type Defect = readonly [service: Service, caughtBy: keyof typeof scenarios, ...patches: Patch[]];

const patch = (file: string, find: string, replace: string): Patch => ({ file, find, replace });
const stockLedger = 'db/inventory/stock-ledger.ts';
const walletLedger = 'db/payment/wallet-ledger.ts';

const defects: Readonly<Record<string, Defect>> = {
  'Payment does not lock its row': [
    'payment',
    'one transaction at a time',
    patch('db/payment/payments.ts', '${selectPayment} for update', '${selectPayment}'),
  ],
  'Inventory does not lock its row': [
    'inventory',
    'one transaction at a time',
    patch('db/inventory/reservations.ts', '${selectReservation} for update', '${selectReservation}'),
  ],
  'Notification does not lock its row': [
    'notification',
    'one transaction at a time',
    patch('db/notification/notifications.ts', 'where order_id = $1 for update`', 'where order_id = $1`'),
  ],
  'Order does not lock its row': [
    'order',
    'one transaction at a time',
    patch(
      'db/order/orders.ts',
      'from orders.claims where order_id = $1 for update',
      'from orders.claims where order_id = $1',
    ),
  ],
  'only the first product goes back': [
    'inventory',
    'all pieces or none',
    patch(
      stockLedger,
      "moveStock(db, orderId, items, 'RELEASE', now)",
      "moveStock(db, orderId, [items[0]], 'RELEASE', now)",
    ),
    patch(stockLedger, 'if (moved !== items.length) throw', 'if (moved !== 1) throw'),
  ],
  'one piece of each product is moved': [
    'inventory',
    'all pieces or none',
    patch(stockLedger, 'sign * quantity)', 'sign * Math.min(quantity, 1))'),
  ],
  'what was taken before another product was short stays taken': [
    'inventory',
    'all pieces or none',
    patch(stockLedger, "await db.query('rollback to savepoint reserve');", ''),
  ],
  'the last piece stays on the shelf': [
    'inventory',
    'all pieces or none',
    patch(stockLedger, 'available >= pieces', 'available > pieces'),
  ],
  'a charge in another currency': [
    'payment',
    'the whole amount',
    patch(
      walletLedger,
      'where customer_id = $1 and currency = $3 and balance >= $2',
      'where customer_id = $1 and $3 <> $5::text and balance >= $2',
    ),
  ],
  'a refund leaves the money under way': [
    'payment',
    'the whole amount',
    patch(walletLedger, 'charged = greatest(charged - $2, 0)', 'charged = greatest(charged, 0)'),
  ],
};

test.each(
  Object.entries({ payment: oneAtATime, inventory: oneAtATime, notification: oneAtATime, order: oneAtATime }),
)('%s: one transaction at a time has a row', (service, scenario) =>
  withStore(service as Service, [], scenario),
);

test('all pieces of all products are moved, or none', () => withStore('inventory', [], allPieces));

test('the whole amount is moved', () => withStore('payment', [], wholeAmount));

test.each(Object.entries(defects))('noticed: %s', async (_, [service, caughtBy, ...patches]) => {
  await withStore(service, patches, (store) => expect(scenarios[caughtBy](store)).rejects.toThrow());
});

test('noticed: the journal does not bind the type of an event to its role', async () => {
  await ownTypesOnly();
  await db.owner.query(
    `alter policy append_ones_own on journal.events with check (published_by = session_user)`,
  );
  await expect(ownTypesOnly()).rejects.toThrow();
});
