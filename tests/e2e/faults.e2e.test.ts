import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { noFaults, type FaultSettings } from '../../schemas/faults.js';
import { isFinal, type OrderStatus } from '../../schemas/order-status.js';
import { services, type Service } from '../../schemas/services.js';
import { parseExposition, valuesBy } from '../support/parse-exposition.js';
import { RunningSystem, until } from './running-system.js';

interface Order {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly attention: readonly { readonly code: string; readonly clearedAt: string | null }[];
  readonly history: readonly { readonly status: string; readonly eventId: string | null }[];
}

let system: RunningSystem;
let owner: Pool;
beforeAll(async () => {
  system = await RunningSystem.prepare({ NOTIFICATION_RETRY_INTERVAL: '200ms' });
  await system.start('--faults', '--one-worker');
  const connections = parseEnv(await readFile(path.join(system.dataDir, 'connections.env'), 'utf8'));
  owner = createPool({
    url: connections['DATABASE_URL'] ?? '',
    applicationName: 'a test of faults',
    onError: () => undefined,
  });
});
afterAll(async () => {
  await owner.end();
  await system.remove();
});

const operator = { operator: 'Ann' };
const switchFaults = async <Name extends Service>(service: Name, change: Partial<FaultSettings[Name]>) => {
  const settings = { ...noFaults[service], ...change };
  const answer = await system.call('PUT', `/faults/${service}`, settings, operator);
  expect(answer).toMatchObject({
    status: 200,
    body: { service, allowed: true, changedBy: 'Ann', ...settings },
  });
};
const place = async (wait = 20): Promise<Order> => {
  const body = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };
  return (await system.call<Order>('POST', '/orders', body, { prefer: `wait=${wait}` })).body;
};
const show = async ({ orderId }: Order) => (await system.call<Order>('GET', `/orders/${orderId}`)).body;

interface Shop {
  readonly balance: number;
  readonly available: number;
}
async function lookAtShop(): Promise<Shop> {
  const wallet = await system.call<{ balance: { amount: number } }>('GET', '/wallets/alice');
  const stock = await system.call<{ available: number }>('GET', '/stock/mouse');
  return { balance: wallet.body.balance.amount, available: stock.body.available };
}

/** What was published for an order, and the fate of each attempt to tell the customer. */
async function storyOf({ orderId }: Order) {
  const events = await owner.query<{ type: string }>(
    `select type from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  const attempts = await owner.query<{ fate: string }>(
    `select fate from notification.attempts where order_id = $1 order by round, number`,
    [orderId],
  );
  return { events: events.rows.map(({ type }) => type), fates: attempts.rows.map(({ fate }) => fate) };
}

afterEach(async () => {
  for (const service of services) await switchFaults(service, {});
});

test('one worker for all services: one scrape shows it, and all four services work in it', async () => {
  await place();
  const scrape = async () => parseExposition(await (await fetch(`${system.apiUrl}/metrics`)).text());
  await expect
    .poll(async () => valuesBy('part', (await scrape()).get('order_saga_up')), { timeout: 30_000 })
    .toEqual({ database: 1, shared: 1 });
  const completed = async () => (await scrape()).get('temporal_workflow_completed_total')?.samples ?? [];
  await expect
    .poll(async () => new Set((await completed()).map(({ labels }) => labels['workflow_type'])), {
      timeout: 30_000,
    })
    .toEqual(new Set(services));
});

test('it is killed with orders in flight: it comes back with all four services, and every order is final', async () => {
  const orders = await Promise.all(Array.from({ length: 4 }, () => place(0)));
  process.kill(system.pidOfWorker(services.join(' ')), 'SIGKILL');
  await until(() => system.output.includes('shared worker ended with code 137; starting it again'), 10_000);
  for (const order of orders) await until(async () => isFinal((await show(order)).status), 60_000);
  expect(await system.isClean()).toBe(true);
});

test.each([
  ['DECLINE', 'INSUFFICIENT_BALANCE'],
  ['ERROR', 'PAYMENT_ERROR'],
  ['HANG', 'PAYMENT_ERROR'],
] as const)(
  'charge %s: the order fails with %s, announced, and nothing is charged',
  async (charge, reason) => {
    await switchFaults('payment', { charge });
    const before = await lookAtShop();
    const order = await place();
    expect(order).toMatchObject({ status: 'PAYMENT_FAILED', reason });
    expect((await storyOf(order)).events).toEqual(['OrderCreatedEvent', 'PaymentFailedEvent']);
    expect(await lookAtShop()).toEqual(before);
  },
);

test.each(['ERROR', 'HANG'] as const)('reserve %s: out of stock, and the money is back', async (reserve) => {
  await switchFaults('inventory', { reserve });
  const before = await lookAtShop();
  const order = await place();
  expect(order).toMatchObject({ status: 'OUT_OF_STOCK', reason: 'INVENTORY_ERROR' });
  expect((await storyOf(order)).events).toEqual([
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservationFailedEvent',
    'PaymentCancelledEvent',
  ]);
  expect(await lookAtShop()).toEqual(before);
});

test('mail refused three times: the fourth attempt tells the customer', async () => {
  await switchFaults('notification', { mail: { mode: 'REFUSE', refusals: 3 } });
  const order = await place();
  expect(order).toMatchObject({ status: 'COMPLETED', attention: [] });
  expect((await storyOf(order)).fates).toEqual(['REFUSED', 'REFUSED', 'REFUSED', 'ACCEPTED']);
});

test('mail server down: parked, the order needs a person; up again and retried: completed', async () => {
  await switchFaults('notification', { mail: { mode: 'DOWN', refusals: 0 } });
  const order = await place(0);
  const needsAPerson = async () =>
    (await show(order)).attention.some(({ code, clearedAt }) => code === 'NOTIFICATION_FAILED' && !clearedAt);
  await until(needsAPerson, 30_000);
  expect(await show(order)).toMatchObject({ status: 'INVENTORY_RESERVED' });
  expect((await storyOf(order)).fates).toEqual(['REFUSED', 'REFUSED', 'REFUSED', 'REFUSED']);

  await switchFaults('notification', {});
  const retry = await system.call('POST', `/orders/${order.orderId}/notification-retries`, {}, operator);
  expect(retry.status).toBe(202);
  await until(async () => (await show(order)).status === 'COMPLETED', 30_000);
  expect(await needsAPerson()).toBe(false);
  expect((await storyOf(order)).fates.at(-1)).toBe('ACCEPTED');
});

/** How often deliveries for an order changed nothing, by service and reason. */
async function dropsOf({ orderId }: Order): Promise<Readonly<Record<string, number>>> {
  const { rows } = await owner.query<{ what: string; seen: number }>(
    `select service || ' ' || why as what, sum(seen) as seen from journal.drops where order_id = $1 group by 1`,
    [orderId],
  );
  return Object.fromEntries(rows.map(({ what, seen }) => [what, seen]));
}

const never = noFaults.order.deliveries;

test('every delivery comes twice: completed, and every repeat is counted', async () => {
  const deliveries = { ...never, duplicate: 1, maxDelayMs: 200 };
  for (const service of services) await switchFaults(service, { deliveries });
  const before = await lookAtShop();
  const order = await place();
  expect(order).toMatchObject({ status: 'COMPLETED' });
  const subscribed = { payment: 2, inventory: 1, notification: 1, order: 3 };
  for (const [service, events] of Object.entries(subscribed))
    await until(async () => ((await dropsOf(order))[`${service} REPEAT`] ?? 0) >= events, 30_000);
  expect(await lookAtShop()).toEqual({ balance: before.balance - 25_000, available: before.available - 1 });
});

test('every delivery is late: completed, later', async () => {
  const deliveries = { ...never, delay: 1, maxDelayMs: 1_500 };
  for (const service of services) await switchFaults(service, { deliveries });
  const order = await place();
  expect(order).toMatchObject({ status: 'COMPLETED' });
  const { rows } = await owner.query<{ late: boolean }>(
    `select max(delivered_at - recorded_at) > '300 ms' as late from journal.events where order_id = $1`,
    [order.orderId],
  );
  expect(rows).toEqual([{ late: true }]);
});

test('every service holds its events back for later ones; where none comes, until the longest delay is over', async () => {
  const deliveries = { ...never, reorder: 1, maxDelayMs: 800 };
  for (const service of services) await switchFaults(service, { deliveries });
  const order = await place();
  await until(async () => (await show(order)).status === 'COMPLETED', 30_000);
  const heldBackBy = async () => {
    const { rows } = await owner.query<{ publisher: string }>(
      `select split_part(published_by, '_', 1) as publisher from journal.events
       where order_id = $1 and delivered_at - recorded_at >= '800 ms' order by seq`,
      [order.orderId],
    );
    return rows.map(({ publisher }) => publisher);
  };
  await expect
    .poll(heldBackBy, { timeout: 30_000 })
    .toEqual(['order', 'payment', 'inventory', 'notification']);
});

test('a later event overtakes: completed, and what came too late is counted', async () => {
  await switchFaults('payment', { deliveries: { ...never, reorder: 1, maxDelayMs: 8_000 } });
  const order = await place(30);
  expect(order).toMatchObject({ status: 'COMPLETED' });
  // The order has heard of its payment by the reservation that followed from it.
  const heardBy = (status: string) => order.history.find((entry) => entry.status === status)?.eventId;
  expect(heardBy('PAYMENT_COMPLETED')).toBe(heardBy('INVENTORY_RESERVED'));
  await expect.poll(() => dropsOf(order), { timeout: 30_000 }).toEqual({ 'order NO_EFFECT': 1 });
});

test('all faults are off: an order is completed as if there had been none', async () => {
  const before = await lookAtShop();
  const order = await place();
  expect(order).toMatchObject({ status: 'COMPLETED' });
  expect((await storyOf(order)).fates).toEqual(['ACCEPTED']);
  expect(await dropsOf(order)).toEqual({});
  expect(await lookAtShop()).toEqual({ balance: before.balance - 25_000, available: before.available - 1 });
});
