import { gzipSync } from 'node:zlib';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withConnections } from '../../platform/connections.js';
import { browser, system } from './shop.js';
import { Visitor } from './visitor.js';

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

test('the page weighs less than 150 KB, compressed, with all that it loads', async () => {
  const visitor = await Visitor.arrive(browser, system.apiUrl);
  const files = new Map<string, number>();
  const sizes: Promise<void>[] = [];
  visitor.page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname !== '/' && !pathname.startsWith('/assets/')) return;
    sizes.push(response.body().then((body) => void files.set(pathname, gzipSync(body).length)));
  });
  await visitor.open('');
  await visitor.page.locator('.connection-live').waitFor();
  const first = files.size;
  await visitor.open('monitoring');
  await visitor.page.waitForLoadState('networkidle').catch(() => undefined);
  await Promise.all(sizes);
  const sum = [...files.values()].reduce((total, size) => total + size, 0);
  console.log(`page weight: ${(sum / 1_024).toFixed(1)} KB in ${files.size} files`);
  expect(first).toBeGreaterThan(3);
  expect(sum).toBeLessThan(150 * 1_024);
  await visitor.leave();
});

/** How fast is printed: on a busy machine it would say more about the machine than about the page. */
test('something is painted', async () => {
  const visitor = await Visitor.arrive(browser, system.apiUrl);
  await visitor.open('');
  const paint = await visitor.page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  console.log(`first contentful paint after ${paint.toFixed(0)} ms`);
  expect(paint).toBeGreaterThan(0);
  await visitor.leave();
});

const ORDERS = 3;
const VISITORS = 2;

test('every event of a watched order becomes an arrow, while others order too; how fast is printed', async () => {
  const visitors = await Promise.all(
    Array.from({ length: VISITORS }, () => Visitor.arrive(browser, system.apiUrl, { moves: true })),
  );
  await fillTheWallet();
  const watched = await Promise.all(visitors.map(watchOrders));
  const arrows = watched.flatMap((one) => one.arrows);
  const events = await publishedEvents();
  for (const { orderIds, arrows: shown } of watched) {
    const expected = events.filter(({ orderId }) => orderIds.includes(orderId));
    expect(expected).toHaveLength(4 * ORDERS);
    expect(shown.map(({ eventId }) => eventId).sort()).toEqual(expected.map(({ eventId }) => eventId).sort());
  }
  const delays = delaysOf(arrows, events);
  const [p50, p95] = [percentile(delays, 0.5), percentile(delays, 0.95)];
  console.log(
    `from event to arrow: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${delays.length} events`,
  );
  for (const visitor of visitors) await visitor.leave();
});

interface Watched {
  readonly orderIds: readonly string[];
  readonly arrows: Noting['arrows'];
}

/** Places one order after another, watches each until it is completed, and notes when the arrows appear. */
async function watchOrders(visitor: Visitor): Promise<Watched> {
  const { page } = visitor;
  await visitor.open('');
  await noteArrows(page);
  const orderIds: string[] = [];
  while (orderIds.length < ORDERS) {
    const orderId = await place();
    orderIds.push(orderId);
    await page.evaluate(openOrder, orderId);
    await page
      .locator('.order-title', { hasText: orderId.slice(0, 8) })
      .locator('.pill', { hasText: 'Completed' })
      .waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator('.arrow').count(), { timeout: 20_000 }).toBe(4);
  }
  return { orderIds, arrows: await page.evaluate(() => (globalThis as unknown as Noting).arrows) };
}

/** Gives alice the money for all these mice. */
async function fillTheWallet(): Promise<void> {
  const amount = { amount: 100_000_000, currency: 'KRW' };
  await system.call('POST', '/wallets/alice/deposits', { amount }, { 'idempotency-key': 'speed' });
}

async function place(): Promise<string> {
  const order = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };
  return (await system.call<{ orderId: string }>('POST', '/orders', order)).body.orderId;
}

interface Noting {
  arrows: { readonly eventId: string; readonly at: number; readonly openedAt: number }[];
  openedAt: number;
}

/** Records in the page when each arrow appears, by the clock that the page shares with the server. */
async function noteArrows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noting = globalThis as unknown as Noting;
    noting.arrows = [];
    const seen = new Set<string>();
    new MutationObserver(() => {
      const at = Date.now();
      for (const arrow of document.querySelectorAll<SVGElement>('.arrow')) {
        const eventId = arrow.dataset['event'] ?? '';
        if (seen.has(eventId)) continue;
        seen.add(eventId);
        noting.arrows.push({ eventId, at, openedAt: noting.openedAt });
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
}

/** Runs in the page. */
function openOrder(orderId: string): void {
  (globalThis as unknown as Noting).openedAt = Date.now();
  location.hash = `#/orders/${orderId}`;
}

interface Published {
  readonly eventId: string;
  readonly orderId: string;
  /** When it was in the journal, in milliseconds since 1970. */
  readonly at: number;
}

async function publishedEvents(): Promise<readonly Published[]> {
  const { DATABASE_URL: connectionString } = withConnections({}, system.dataDir);
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Published>(
    `select event_id as "eventId", order_id as "orderId", (extract(epoch from recorded_at) * 1000)::float8 as at
     from journal.events`,
  );
  await client.end();
  return rows;
}

/** From the journal to the page, in milliseconds, for the events that came while their order was watched. */
function delaysOf(arrows: Noting['arrows'], events: readonly Published[]): readonly number[] {
  const recorded = new Map(events.map(({ eventId, at }) => [eventId, at]));
  return arrows.flatMap(({ eventId, at, openedAt }) => {
    const published = recorded.get(eventId);
    return published === undefined || published < openedAt ? [] : [at - published];
  });
}
