import { createRequire } from 'node:module';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { until } from '../e2e/running-system.js';
import type { OrderId } from '../../schemas/ids.js';
import { lostCancellation } from '../support/lost-cancellation.js';
import { signalPayment } from './lost-event.js';
import { browser, system } from './shop.js';
import { Visitor, type VisitorOptions } from './visitor.js';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

interface Axe {
  readonly axe: { run(options: object): Promise<{ violations: Violation[] }> };
}

const require = createRequire(import.meta.url);
let axe: string;
/** Every view: an order of each outcome, one that is parked with a refused signal, and all others. */
let views: readonly string[];

beforeAll(async () => {
  axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  const [completed, refunded] = await Promise.all([
    place('alice', 'mouse'),
    place('alice', 'figurine'),
    place('bob', 'mouse'),
  ]);
  const parked = await parkedOrder();
  const refused = await refusedSignal(parked);
  views = [
    '',
    `orders/${completed}`,
    `orders/${refunded}`,
    `orders/${parked}`,
    'shop',
    'mails',
    'operators',
    `operators?quarantine=${refused}`,
    'monitoring',
    'faults',
    'nowhere',
  ];
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

/** A quarantined signal that an operator failed to redeliver. */
async function refusedSignal(orderId: string): Promise<number> {
  await signalPayment(system, lostCancellation(orderId as OrderId));
  const list = () => system.call<{ quarantine: { id: number }[] }>('GET', `/quarantine?orderId=${orderId}`);
  await until(async () => (await list()).body.quarantine.length > 0, 30_000);
  const id = (await list()).body.quarantine[0]?.id ?? Number.NaN;
  const redrive = await system.call('POST', `/quarantine/${id}/redrive`, undefined, { operator: 'test' });
  expect(redrive.status).toBe(422);
  return id;
}

/** Waits until a view has loaded and its animations have ended. */
async function settle({ page }: Visitor): Promise<void> {
  await page.locator('h1').waitFor();
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  // The story of an order arrives later, by its stream.
  await page.waitForFunction(
    () => document.querySelector('.timeline') === null || document.querySelector('.timeline-entry') !== null,
  );
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
}

// Contrast depends on the theme, names on the language: each of both is looked at once.
for (const looks of [
  { theme: 'light', language: 'ko' },
  { theme: 'dark', language: 'en' },
] as const)
  test(`axe finds nothing serious in any view: ${looks.theme}, ${looks.language}`, async () => {
    const visitor = await Visitor.arrive(browser, system.apiUrl, looks);
    for (const view of views) {
      await visitor.open(view);
      await settle(visitor);
      await visitor.page.evaluate(axe);
      const found = await visitor.page.evaluate(() =>
        (globalThis as unknown as Axe).axe.run({ resultTypes: ['violations'] }),
      );
      const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
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

/** The pictures in the README. They are updated only on demand, since no two are identical to the pixel. */
const pictures: readonly (VisitorOptions & {
  readonly name: string;
  readonly view: () => string | undefined;
  /** Where the picture starts, if not at the top of the page. */
  readonly from?: string;
})[] = [
  { name: 'dashboard-orders', view: () => views[0], width: 1_280, height: 800 },
  { name: 'dashboard-order', view: () => views[1], width: 1_280, height: 980 },
  { name: 'dashboard-refund', view: () => views[2], width: 1_280, height: 980, theme: 'dark' },
  {
    name: 'dashboard-phone',
    view: () => views[3],
    width: 390,
    height: 844,
    language: 'ko',
    from: '.choreography',
  },
  { name: 'dashboard-monitoring', view: () => 'monitoring', width: 1_280, height: 800, theme: 'dark' },
];

for (const { name, view, from, ...options } of pictures)
  test(`a picture for the README: ${name}`, async () => {
    const visitor = await Visitor.arrive(browser, system.apiUrl, options);
    await visitor.open(view());
    await settle(visitor);
    if (from !== undefined) await visitor.page.locator(from).evaluate(scrollToTop);
    const file = path.join(await pictureFolder(), `${name}.png`);
    await visitor.page.screenshot({ path: file });
    const { size } = await stat(file);
    expect(size).toBeGreaterThan(10_000);
    expect(size).toBeLessThan(300_000);
    await visitor.leave();
  });

/** Runs in the page, and leaves room for the header. */
const scrollToTop = (element: Element): void => scrollTo(0, element.getBoundingClientRect().top - 62);

const pictureFolder = async (): Promise<string> =>
  process.env['UPDATE_SCREENSHOTS'] === undefined
    ? mkdtemp(path.join(tmpdir(), 'order-saga-pictures-'))
    : fileURLToPath(new URL('../../docs/images', import.meta.url));
