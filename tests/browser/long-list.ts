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

const scrollToEnd = (page: Page) => page.evaluate(() => scrollTo(0, document.body.scrollHeight));

/** Presses “Show more” until the list has this many rows, and scrolls to its end. */
async function showRows(page: Page, count: number): Promise<void> {
  for (;;) {
    await scrollToEnd(page);
    const last = (await positions(page)).at(-1) ?? 0;
    if (last >= count) return;
    await more(page).click();
    await expect
      .poll(async () => (await scrollToEnd(page), await positions(page)).at(-1))
      .toBeGreaterThan(last);
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
