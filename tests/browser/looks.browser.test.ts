import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningSystem, until } from '../e2e/running-system.js';
import { launchChromium } from './chromium.js';
import { Visitor } from './visitor.js';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

const require = createRequire(import.meta.url);
let axe: string;
let system: RunningSystem;
let browser: Browser;
/** One order of each end, and one whose payment nobody answers. */
let views: readonly string[];

beforeAll(async () => {
  system = await RunningSystem.prepare({ NOTIFICATION_RETRY_INTERVAL: '1s', NOTIFICATION_MAX_RETRIES: '1' });
  [browser, axe] = await Promise.all([
    launchChromium(),
    readFile(require.resolve('axe-core/axe.min.js'), 'utf8'),
    system.start('--faults'),
  ]);
  const [completed, refunded] = await Promise.all([
    place('alice', 'mouse'),
    place('alice', 'figurine'),
    place('bob', 'mouse'),
  ]);
  const parked = await parkedOrder();
  views = [
    '',
    `orders/${completed}`,
    `orders/${refunded}`,
    `orders/${parked}`,
    'shop',
    'mails',
    'operators',
    'monitoring',
    'faults',
    'nowhere',
  ];
});
afterAll(async () => {
  await browser.close();
  await system.remove();
});

async function place(customerId: string, sku: string): Promise<string> {
  const order = { customerId, items: [{ sku, quantity: 1 }] };
  const { body } = await system.call<{ orderId: string }>('POST', '/orders', order, { prefer: 'wait=15' });
  return body.orderId;
}

async function parkedOrder(): Promise<string> {
  const deliveries = { duplicate: 0, delay: 0, reorder: 0, maxDelayMs: 0 };
  const switchMail = (mode: string) =>
    system.call(
      'PUT',
      '/faults/notification',
      { mail: { mode, refusals: 0 }, deliveries },
      { operator: 'test' },
    );
  await switchMail('DOWN');
  const order = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };
  const { body } = await system.call<{ orderId: string }>('POST', '/orders', order);
  const attention = async () =>
    (await system.call<{ attention: unknown[] }>('GET', `/orders/${body.orderId}`)).body.attention;
  await until(async () => (await attention()).length > 0, 30_000);
  await switchMail('NORMAL');
  return body.orderId;
}

/** A view is there once what it loads is there. */
async function settle({ page }: Visitor): Promise<void> {
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}

for (const theme of ['light', 'dark'] as const)
  for (const language of ['en', 'ko'] as const)
    test(`axe finds nothing serious in any view: ${theme}, ${language}`, async () => {
      const visitor = await Visitor.arrive(browser, system.apiUrl, { theme, language });
      for (const view of views) {
        await visitor.open(view);
        await settle(visitor);
        await visitor.page.evaluate(axe);
        const found = await visitor.page.evaluate(() =>
          (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
        );
        const serious = found.violations.filter(
          ({ impact }) => impact === 'serious' || impact === 'critical',
        );
        expect(
          serious.map(({ id, nodes }) => `${view}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([]);
      }
      await visitor.leave();
    });

for (const language of ['en', 'ko'] as const)
  test(`at 360 pixels no view scrolls sideways: ${language}`, async () => {
    const visitor = await Visitor.arrive(browser, system.apiUrl, { width: 360, height: 740, language });
    for (const view of views) {
      await visitor.open(view);
      await settle(visitor);
      expect(`${view}: ${await visitor.overflow()}`).toBe(`${view}: 0`);
    }
    await visitor.leave();
  });
