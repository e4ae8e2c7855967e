import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { api, browser, place } from './archive.js';
import { Visitor } from './visitor.js';

const ON_THE_LIST = 3;
const ON_ORDERS = 4;

test('eight tabs of one browser: all are live, and the form in the last one places an order', async () => {
  const visitor = await Visitor.arrive(browser, api.url);
  const context = visitor.page.context();
  const openTab = async (view: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${api.url}/#/${view}`);
    return page;
  };
  const orders = await Promise.all(Array.from({ length: ON_ORDERS }, () => place()));
  const lists = await Promise.all(Array.from({ length: ON_THE_LIST }, () => openTab('')));
  const stories = await Promise.all(orders.map((orderId) => openTab(`orders/${orderId}`)));
  for (const page of [...lists, ...stories]) await page.locator('.connection-live').waitFor();
  for (const page of stories) await page.locator('[data-entry="status"]').waitFor();

  const { page } = visitor;
  await visitor.open('');
  await page.getByLabel('Customer', { exact: true }).first().selectOption('bob');
  await page.getByRole('button', { name: 'Place the order' }).click();
  const link = await page.getByRole('link', { name: 'Watch it' }).getAttribute('href');
  const placed = link?.split('/').at(-1) ?? '';
  for (const list of lists) await list.locator(`[data-order="${placed}"]`).waitFor();

  await api.db.owner.query(
    `insert into orders.attention (order_id, code, since) select unnest($1::uuid[]), 'NOTIFICATION_OVERDUE', now()`,
    [orders],
  );
  for (const story of stories) await story.locator('[data-entry="attention"]').waitFor();
  expect(context.pages()).toHaveLength(1 + ON_THE_LIST + ON_ORDERS);
  await visitor.leave();
});
