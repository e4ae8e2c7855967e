import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepName } from '../../db/monitoring/point-names.js';
import { steps } from '../../db/monitoring/steps.js';
import { formatAge, formatPercent, formatSpan } from '../../dashboard/texts/formats.js';
import { en } from '../../dashboard/texts/en.js';
import { buildDashboard } from '../../tools/build/dashboard.js';
import { orderStatuses } from '../../schemas/order-status.js';
import {
  countSeries,
  EVERY,
  expectAgeOfOldestOpen,
  expected,
  FIRST,
  liveThemAll,
  orders,
  tookFor,
} from '../monitoring/three-hundred-orders.js';
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

/** The figures on the page, by their labels. */
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
  const percent = (share: number) => formatPercent(share, en);
  const { paid, count, rate } = expected.compensations;
  expect(await figuresOn(visitor.page)).toEqual({
    [words.created]: `300 ${words.final(String(expected.orders.final))}`,
    [words.completionRate]: percent(expected.completionRate),
    [words.compensations]: `${count} ${words.compensationRate(percent(rate), String(paid))}`,
    [words.oldestOpen]: expect.any(String) as string,
    [words.attention]: String(expected.attention),
    [words.duplicates]: `${expected.duplicatesDropped} ${words.withoutEffect(String(expected.withoutEffect))}`,
    [words.quarantined]: String(expected.quarantined),
    [words.reversals]: String(expected.reversals),
  });
});

test('300 orders: the age of the oldest open order, to the second', async () => {
  const askedAt = Date.now();
  const another = await Visitor.arrive(browser, api.url);
  await another.open('monitoring');
  const oldest = another.page.locator('.key-figure', { hasText: en.monitoring.oldestOpen }).locator('time');
  const { text, duration } = await oldest.evaluate((time: HTMLTimeElement) => ({
    text: time.textContent,
    duration: time.dateTime,
  }));
  const seconds = Number(/^PT(\d+)S$/.exec(duration)?.[1]);
  expectAgeOfOldestOpen(seconds, askedAt);
  expect(text).toBe(formatAge(1_000 * seconds, en));
  await another.leave();
});

test('300 orders: how many have which status, and why orders need a person', async () => {
  const byStatus = orderStatuses.map((status) => [status, expected.orders[status]]);
  expect(await barsOn(visitor.page, en.monitoring.byStatus)).toEqual(Object.fromEntries(byStatus));
  expect(await barsOn(visitor.page, en.monitoring.attentionByCode)).toEqual(
    present(expected.attentionByCode),
  );
});

test('300 orders: how many were placed when, and how they ended', async () => {
  const region = visitor.page.getByRole('region', { name: en.monitoring.overTime });
  await region.getByText(en.monitoring.inNumbers).click();
  const table = region.getByRole('table');
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    en.monitoring.from,
    ...Object.values(en.monitoring.series),
  ]);
  const rows = await table.locator('tbody tr').evaluateAll((all) =>
    all.map((row) => ({
      at: Date.parse(row.querySelector('time')?.dateTime ?? ''),
      counts: [...row.querySelectorAll('td')].map(({ textContent }) => Number(textContent)),
    })),
  );
  const HALF_AN_HOUR = 1_800_000;
  expect(rows).toEqual(
    rows.map(({ at }) => {
      const placed = orders.filter((_, index) => {
        const after = FIRST + index * EVERY - at;
        return after >= 0 && after < HALF_AN_HOUR;
      });
      return { at, counts: Object.values(countSeries(placed)) };
    }),
  );
  expect(rows.reduce((sum, { counts }) => sum + (counts[0] ?? 0), 0)).toBe(300);
});

test('300 orders: every cause of failure, and every timeout', async () => {
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
