import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withConnections } from '../../platform/connections.js';
import { RunningSystem } from '../e2e/running-system.js';
import { launchChromium } from './chromium.js';
import { Visitor } from './visitor.js';

let system: RunningSystem;
let browser: Browser;

beforeAll(async () => {
  system = await RunningSystem.prepare();
  [browser] = await Promise.all([launchChromium(), system.start()]);
});
afterAll(async () => {
  await browser.close();
  await system.remove();
});

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

test('the page weighs less than 200 KB, compressed, with all that it loads', async () => {
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
  expect(sum).toBeLessThan(200 * 1_024);
  await visitor.leave();
});

test('the first paint comes within a second', async () => {
  const visitor = await Visitor.arrive(browser, system.apiUrl);
  await visitor.open('');
  const paint = await visitor.page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  console.log(`first contentful paint after ${paint.toFixed(0)} ms`);
  expect(paint).toBeLessThan(1_000);
  await visitor.leave();
});

const SECONDS = 25;
const VISITORS = 3;

test('an event becomes an arrow within 300 ms (p95) at two orders a second', async () => {
  const visitors = await Promise.all(
    Array.from({ length: VISITORS }, () => Visitor.arrive(browser, system.apiUrl)),
  );
  await fillTheWallet();
  const shoppers = new Shoppers();
  const arrows = await Promise.all(visitors.map((visitor) => watchOrders(visitor, shoppers))).finally(() =>
    shoppers.stop(),
  );
  const delays = await delaysOf(arrows.flat());
  const [p50, p95] = [percentile(delays, 0.5), percentile(delays, 0.95)];
  console.log(
    `from event to arrow: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${delays.length} events, ` +
      `${shoppers.pace.toFixed(2)} orders/s`,
  );
  expect(shoppers.pace).toBeGreaterThan(1.8);
  expect(delays.length).toBeGreaterThan(10);
  expect(p95).toBeLessThan(300);
  for (const visitor of visitors) await visitor.leave();
});

/** Watches one order after another until it is completed, and records when the arrows appear. */
async function watchOrders(visitor: Visitor, shoppers: Shoppers): Promise<Noting['arrows']> {
  const { page } = visitor;
  await visitor.open('');
  await noteArrows(page);
  for (const until = Date.now() + 1_000 * SECONDS; Date.now() < until;) {
    await page.evaluate(openOrder, await shoppers.next());
    await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor({ timeout: 60_000 });
  }
  return page.evaluate(() => (globalThis as unknown as Noting).arrows);
}

/** Gives alice the money for all these mice. */
async function fillTheWallet(): Promise<void> {
  const amount = { amount: 100_000_000, currency: 'KRW' };
  await system.call('POST', '/wallets/alice/deposits', { amount }, { 'idempotency-key': 'speed' });
}

/** Orders a mouse every half second, whether or not anybody is watching. */
class Shoppers {
  #placed = 0;
  #stoppedAt = Number.NaN;
  readonly #startedAt = Date.now();
  readonly #orders: Promise<string>[] = [];
  readonly #timer = setInterval(() => this.#orders.push(this.#place()), 500);

  async #place(): Promise<string> {
    const order = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };
    const { body } = await system.call<{ orderId: string }>('POST', '/orders', order);
    this.#placed += 1;
    return body.orderId;
  }

  /** The id of the next order placed. */
  async next(): Promise<string> {
    const known = this.#orders.length;
    while (this.#orders.length === known) await sleep(10);
    return this.#orders[known] ?? '';
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stoppedAt = Date.now();
    await Promise.all(this.#orders);
  }

  /** Orders per second. */
  get pace(): number {
    return (1_000 * this.#placed) / (this.#stoppedAt - this.#startedAt);
  }
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

/** The time from the journal to the arrow, of the events that came while their order was being watched. */
async function delaysOf(arrows: Noting['arrows']): Promise<readonly number[]> {
  const { DATABASE_URL: connectionString } = withConnections({}, system.dataDir);
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ event_id: string; recorded: number }>(
    `select event_id, (extract(epoch from recorded_at) * 1000)::float8 as recorded from journal.events`,
  );
  await client.end();
  const recorded = new Map(rows.map((row) => [row.event_id, row.recorded]));
  return arrows.flatMap(({ eventId, at, openedAt }) => {
    const published = recorded.get(eventId);
    return published === undefined || published < openedAt ? [] : [at - published];
  });
}
