import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { api, browser, place } from './archive.js';
import { Visitor } from './visitor.js';

let visitor: Visitor;
afterEach(() => visitor.leave());

async function arrive(): Promise<Page> {
  visitor = await Visitor.arrive(browser, api.url);
  await visitor.open('');
  await visitor.page.locator('.connection-live').waitFor();
  return visitor.page;
}

const more = (page: Page) => page.getByRole('button', { name: 'Show more' });

/** Where a row is in the list, from 1 on. */
const positions = (page: Page) =>
  page.locator('.order-rows li').evaluateAll((rows) => rows.map((row) => Number(row.ariaPosInSet)));

/** Scrolls to the end of the list; where its last row is, once that is drawn. */
async function lastPosition(page: Page): Promise<number> {
  const scrollToEnd = () =>
    page.locator('.order-rows ul').evaluate((list) => {
      scrollTo(0, document.body.scrollHeight);
      return list.style.paddingBlockEnd;
    });
  await expect.poll(scrollToEnd).toBe('0px');
  return (await positions(page)).at(-1) ?? 0;
}

/** Presses “Show more” until the list has this many rows, and scrolls to its end. */
async function showRows(page: Page, count: number): Promise<void> {
  for (let last = await lastPosition(page); last < count;) {
    await more(page).click();
    const before = last;
    await expect.poll(async () => (last = await lastPosition(page))).toBeGreaterThan(before);
  }
}

test('“Show more” goes on to the oldest order, and few rows are drawn at a time', async () => {
  const page = await arrive();
  const { rows: all } = await api.db.owner.query<{ order_id: string }>(
    `select order_id from orders.orders order by created_at`,
  );
  await showRows(page, all.length);
  expect(await more(page).count()).toBe(0);
  const drawn = await positions(page);
  expect(drawn.at(-1)).toBe(all.length);
  expect(drawn.length).toBeLessThan(60);
  expect(await page.locator('a.order-row').last().getAttribute('data-order')).toBe(all[0]?.order_id);
});

interface Seen {
  readonly orderId: string | null;
  readonly top: number;
}

/** The first row that is wholly in sight, once the rows are drawn where the page is scrolled to. */
async function firstInSight(page: Page): Promise<Seen> {
  await expect.poll(async () => (await look(page)).top).toBeLessThan(300);
  return look(page);
}

const look = (page: Page): Promise<Seen> =>
  page.locator('a.order-row').evaluateAll((rows) => {
    const row = rows.find((one) => one.getBoundingClientRect().top >= 80);
    return {
      orderId: row?.getAttribute('data-order') ?? null,
      top: Math.round(row?.getBoundingClientRect().top ?? Number.NaN),
    };
  });

test('back from an order: the rows, and the place in the list, are as they were', async () => {
  const page = await arrive();
  await showRows(page, 400);
  await page.evaluate(() => scrollBy(0, -1_500));
  const before = await firstInSight(page);
  const open = async () => {
    await page.locator(`[data-order="${before.orderId}"]`).click();
    await page.getByRole('heading', { name: `Order ${before.orderId?.slice(0, 8)}` }).waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
  };
  await open();
  await page.goBack();
  await expect.poll(() => look(page)).toEqual(before);
  await open();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await expect.poll(() => look(page)).toEqual(before);
});

test('further down nothing moves when orders are placed; who reads there is told, and can go to them', async () => {
  const page = await arrive();
  await showRows(page, 200);
  await page.evaluate(() => scrollBy(0, -1_000));
  const before = await firstInSight(page);
  const placed = await place('bob');
  const newer = page.getByRole('button', { name: 'There are newer orders' });
  await newer.waitFor();
  expect(await look(page)).toEqual(before);
  await newer.click();
  await page.locator(`[data-order="${placed}"]`).waitFor();
  await newer.waitFor({ state: 'detached' });
  expect((await positions(page))[0]).toBe(1);
});

/** Stores orders that are placed now, of which the feed tells. */
const placeMany = (count: number) =>
  api.db.owner.query(
    `insert into orders.orders (order_id, customer_id, items, total, currency, status, correlation_id, wait_cause_id,
       payment_due_at, saga_due_at, created_at, updated_at)
     select gen_random_uuid(), 'alice', '[{"sku": "mouse", "quantity": 1, "unitPrice": {"amount": 1, "currency": "KRW"}}]',
       1, 'KRW', 'PENDING_PAYMENT', gen_random_uuid(), gen_random_uuid(), now(), now(), at, at
     from generate_series(1, $1::int) n, lateral (select now() - n * interval '1 ms' as at) placed`,
    [count],
  );

test('a list that is only looked at keeps few rows, however many orders are placed', async () => {
  const page = await arrive();
  const heap = await page.context().newCDPSession(page);
  const heapSize = async () => {
    await heap.send('HeapProfiler.collectGarbage');
    return (await heap.send('Runtime.getHeapUsage')).usedSize;
  };
  const sizes: number[] = [];
  for (let round = 0; round < 5; round++) {
    await placeMany(400);
    const newest = await place();
    await page.locator(`[data-order="${newest}"]`).waitFor();
    sizes.push(await heapSize());
  }
  console.log(
    `heap after each 400 live orders: ${sizes.map((size) => (size / 1e6).toFixed(1)).join(', ')} MB`,
  );
  const height = await page.locator('.order-rows ul').evaluate((list) => list.clientHeight);
  expect(height).toBeLessThan(150 * 100);
  await more(page).waitFor();
});
