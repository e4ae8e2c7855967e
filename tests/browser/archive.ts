import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { buildDashboard } from '../../tools/build/dashboard.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { storePastOrders } from '../support/past-orders.js';
import { seedReferenceData } from '../support/shop.js';
import { launchChromium } from './chromium.js';

/** An API without workers, whose orders are all of the past. */
export let api: TestApi;
export let browser: Browser;

const PAST_ORDERS = 700;

/** Starts both before the tests of a file, and ends them afterwards. */
export function openArchive(): void {
  beforeAll(async () => {
    [api, browser] = await Promise.all([startTestApi(), launchChromium(), buildDashboard(() => undefined)]);
    await seedShop(api.db.owner);
    await seedReferenceData(api.db.owner);
    await storePastOrders(api.db.ownerUrl, PAST_ORDERS);
  });
  afterAll(async () => {
    await browser.close();
    await api.close();
  });
}

/** Places an order, which stays as it is. */
export async function place(customerId = 'alice'): Promise<string> {
  const items = [{ sku: 'mouse', quantity: 1 }];
  const { body } = await api.call('POST', '/orders', { body: { customerId, items } });
  return (body as { readonly orderId: string }).orderId;
}

/** The orders that the API lists, newest first. */
export async function listedBy(query: string): Promise<readonly string[]> {
  const { body } = await api.call('GET', `/orders?limit=100&${query}`);
  return (body as { orders: { orderId: string }[] }).orders.map(({ orderId }) => orderId);
}
