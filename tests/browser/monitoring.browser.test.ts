import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepName } from '../../db/monitoring/points.js';
import { steps } from '../../db/monitoring/steps.js';
import { formatPercent, formatSpan } from '../../dashboard/texts/formats.js';
import { en } from '../../dashboard/texts/en.js';
import { buildDashboard } from '../../scripts/dashboard.js';
import { expected, isFinal, liveThemAll, orders, tookFor } from '../monitoring/three-hundred-orders.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { launchChromium } from './chromium.js';
import { Visitor } from './visitor.js';

let api: TestApi;
let browser: Browser;
let visitor: Visitor;
beforeAll(async () => {
  [api, browser] = await Promise.all([startTestApi(), launchChromium(), buildDashboard(() => undefined)]);
  await liveThemAll(api.db);
  visitor = await Visitor.arrive(browser, api.url);
  await visitor.open('monitoring');
  await visitor.page.locator('.connection-live').waitFor();
  await visitor.page.getByLabel(en.monitoring.window).selectOption({ label: en.monitoring.windows[1440] });
  await visitor.page.locator('.key-figure dd', { hasText: /^300$/ }).waitFor();
});
afterAll(async () => {
  await visitor.leave();
  await browser.close();
  await api.close();
});

/** What the page says, by its own words. */
const figuresOn = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.key-figure')].map((figure) => [
        figure.querySelector('dt')?.textContent ?? '',
        [...figure.querySelectorAll('dd')].map(({ textContent }) => textContent).join(' '),
      ]),
    ),
  );

const barsOn = (page: Page, title: string) =>
  page
    .getByRole('region', { name: title })
    .locator('[data-count]')
    .evaluateAll((bars) =>
      Object.fromEntries(
        bars.map((bar) => [
          bar.getAttribute('data-count') ?? '',
          Number(bar.querySelector('.numbers')?.textContent),
        ]),
      ),
    );

const present = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

test('300 orders: every figure on the page is right to the unit', async () => {
  const { monitoring: words } = en;
  const { [words.oldestOpen]: oldest, ...figures } = await figuresOn(visitor.page);
  const percent = (share: number) => formatPercent(share, en);
  expect(figures).toEqual({
    [words.created]: '300',
    [words.completionRate]: percent(expected.completionRate),
    [words.compensations]: `${expected.compensations.count} ${words.compensationRate(percent(expected.compensations.rate))}`,
    [words.attention]: String(expected.attention),
    [words.duplicates]: String(expected.duplicatesDropped),
    [words.quarantined]: String(expected.quarantined),
    [words.reversals]: String(expected.reversals),
  });
  expect(orders.every(isFinal)).toBe(false);
  expect(oldest).toMatch(/^\d+ h( \d+ min)?$/);
});

test('300 orders: every cause of failure, and every wait that ran out', async () => {
  expect(await barsOn(visitor.page, en.monitoring.failures)).toEqual(present(expected.failures));
  expect(await barsOn(visitor.page, en.monitoring.timeouts)).toEqual(present(expected.timeouts));
});

test('300 orders: the time of every step', async () => {
  const rows = await visitor.page
    .locator('.step-times tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('th, td.numbers')].map(({ textContent }) => textContent)),
    );
  const names = Object.keys(steps) as StepName[];
  expect(rows).toEqual(
    names.map((name) => {
      const took = tookFor(name);
      const atMost = (share: number) => formatSpan(took[Math.ceil(share * took.length) - 1] ?? 0, en);
      return [en.monitoring.stepNames[name], atMost(0.5), atMost(0.95), String(took.length)];
    }),
  );
});
