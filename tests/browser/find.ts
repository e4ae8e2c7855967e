import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { api, browser, listedBy } from './archive.js';
import { Visitor } from './visitor.js';

let visitor: Visitor;
afterEach(() => visitor.leave());

async function arrive(view = ''): Promise<Page> {
  visitor = await Visitor.arrive(browser, api.url);
  await visitor.open(view);
  await visitor.page.locator('.connection-live').waitFor();
  return visitor.page;
}

const listedOn = (page: Page) =>
  page.locator('a.order-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-order')));

/** Waits until the list begins with what the API lists for the same query, and holds nothing else. */
async function shows(page: Page, query: string): Promise<readonly string[]> {
  const wanted = await listedBy(query);
  expect(wanted.length).toBeGreaterThan(0);
  await expect
    .poll(async () => {
      const listed = await listedOn(page);
      return { begins: listed.length > 0 && listed.every((id, index) => id === wanted[index]) };
    })
    .toEqual({ begins: true });
  expect(Object.fromEntries(new URLSearchParams(page.url().split('?')[1]))).toEqual(
    Object.fromEntries(new URLSearchParams(query)),
  );
  return wanted;
}

async function find(page: Page, typed: string): Promise<void> {
  const search = page.getByRole('search');
  await search.getByLabel('Order id or customer').fill(typed);
  await search.getByRole('button', { name: 'Find' }).click();
}

test('the 8 characters that the page shows find their order; all 36 open it', async () => {
  const page = await arrive();
  const [orderId = ''] = await listedBy(
    `status=OUT_OF_STOCK&to=${new Date(Date.now() - 600_000).toISOString()}`,
  );
  await find(page, orderId.slice(0, 8).toUpperCase());
  expect(await shows(page, `id=${orderId.slice(0, 8)}`)).toEqual([orderId]);
  await expect.poll(() => page.locator('a.order-row').count()).toBe(1);
  await find(page, ` ${orderId} `);
  await page.getByRole('heading', { name: `Order ${orderId.slice(0, 8)}` }).waitFor();
});

test('a customer is found by name and by id, and the box can be emptied', async () => {
  const page = await arrive();
  await find(page, 'bOB');
  await shows(page, 'customerId=bob');
  await find(page, 'customer-7');
  await shows(page, 'customerId=customer-7');
  await find(page, '@');
  await page.getByText('Type at least 4 characters of an order id, or a customer.').waitFor();
  await page.getByLabel('Order id or customer').fill('');
  await shows(page, '');
});

test('filters combine, are in the URL, and are kept on return and by a link', async () => {
  const page = await arrive();
  await page.getByLabel('Status').selectOption({ label: 'Any failure' });
  await shows(page, 'failed=true');
  await page.getByText('More filters').click();
  await page.getByLabel('Reason').selectOption({ label: 'no reservation in time' });
  await shows(page, 'failed=true&reason=INVENTORY_TIMEOUT');
  const to = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 180_000);
  const local = new Date(to.getTime() - to.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await page.getByLabel('Placed before').fill(local);
  const query = `reason=INVENTORY_TIMEOUT&failed=true&to=${encodeURIComponent(to.toISOString())}`;
  const [first = ''] = await shows(page, query);
  await find(page, 'alice');
  await shows(page, `${query}&customerId=alice`);
  await page.getByLabel('Order id or customer').fill('');
  await shows(page, query);

  await page.locator(`[data-order="${first}"]`).click();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await shows(page, query);
  await page.reload();
  await shows(page, query);
  expect(await page.getByLabel('Placed before').inputValue()).toBe(local);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await visitor.overflow()).toBe(0);
  await page.getByRole('link', { name: 'Show all' }).click();
  await shows(page, '');
});

test('what needs a person: an order comes and goes with its attention', async () => {
  const page = await arrive('orders?attention=true');
  await shows(page, 'attention=true');
  const [orderId = ''] = await listedBy('status=COMPLETED');
  await api.db.owner.query(
    `insert into orders.attention (order_id, code, since) values ($1, 'CUSTOMER_TOLD_THEN_REFUNDED', now())`,
    [orderId],
  );
  const row = page.locator(`[data-order="${orderId}"]`);
  await row.waitFor();
  await api.db.owner.query(
    `update orders.attention set cleared_at = now() where order_id = $1 and code = 'CUSTOMER_TOLD_THEN_REFUNDED'`,
    [orderId],
  );
  await row.waitFor({ state: 'detached' });
});
