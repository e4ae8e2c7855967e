import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { withConnections } from '../../platform/connections.js';
import { browser, system } from './shop.js';
import { Visitor, type VisitorOptions } from './visitor.js';

let visitor: Visitor;
afterEach(() => visitor.leave());

const arrive = async (view = '', options: VisitorOptions = {}) => {
  visitor = await Visitor.arrive(browser, system.apiUrl, options);
  await visitor.open(view);
  return visitor.page;
};

test('a visitor places an order with the form, opens it, and watches it complete', async () => {
  const page = await arrive('', { moves: true });
  await page.getByLabel('Customer', { exact: true }).first().selectOption('alice');
  await page.getByLabel('Product', { exact: true }).selectOption('mouse');
  await page.getByLabel('Quantity').fill('2');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.getByRole('link', { name: 'Watch it' }).click();

  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor();
  const titles = await page.locator('[data-entry="event"] strong').allTextContents();
  expect(titles).toEqual(['Order created', 'Payment completed', 'Products reserved', 'Customer notified']);
  expect(await page.locator('.arrow').count()).toBe(4);
  expect(await page.locator('.arrow.is-delivered').count()).toBe(4);
  // No wait is open any more, and each participant says where it stands.
  expect(await page.locator('.wait.is-open').count()).toBe(0);
  expect(await page.locator('.lane-state').allTextContents()).toEqual([
    'Completed',
    'Confirmed',
    'Reserved',
    'Sent',
  ]);
});

/** The first request that changes something reaches the API, but its answer is lost on the way. */
async function loseFirstAnswer(page: Page, path: string): Promise<void> {
  let isLost = false;
  await page.route(path, async (route) => {
    if (route.request().method() !== 'POST' || isLost) return route.continue();
    isLost = true;
    await route.fetch();
    await route.abort();
  });
  visitor.ignoreLater(/ERR_FAILED/);
}

const ordersOf = async (customerId: string) =>
  (
    await system.call<{ orders: { orderId: string }[] }>('GET', `/orders?customerId=${customerId}&limit=100`)
  ).body.orders.map(({ orderId }) => orderId);

test('an answer is lost: the page says so, and the same request again places one order', async () => {
  const page = await arrive();
  await page.getByLabel('Customer', { exact: true }).first().selectOption('bob');
  const before = await ordersOf('bob');
  await loseFirstAnswer(page, '**/orders');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.getByRole('alert').getByText('No answer came.').waitFor();
  const [placed, ...others] = (await ordersOf('bob')).filter((id) => !before.includes(id));
  expect([typeof placed, others]).toEqual(['string', []]);
  await page.getByRole('button', { name: 'Try again' }).click();
  const link = page.getByRole('link', { name: 'Watch it' });
  expect(await link.getAttribute('href')).toContain(placed);
  expect((await ordersOf('bob')).length).toBe(before.length + 1);
});

test('the answers to a deposit and to a restock are lost: clicked again, each counts once', async () => {
  const page = await arrive('shop');
  const balance = async () =>
    (await system.call<{ balance: { amount: number } }>('GET', '/wallets/bob')).body.balance.amount;
  const available = async () =>
    (await system.call<{ available: number }>('GET', '/stock/keyboard')).body.available;
  const before = [await balance(), await available()];
  for (const [path, entry, action, amount] of [
    ['**/deposits', '[data-customer="bob"]', 'Deposit', 1_000],
    ['**/restocks', '[data-sku="keyboard"]', 'Restock', 10],
  ] as const) {
    await loseFirstAnswer(page, path);
    const form = page.locator(entry).locator('form');
    await form.getByRole('spinbutton').fill(String(amount));
    const submit = form.getByRole('button', { name: new RegExp(`^${action}`) });
    await submit.click();
    await form.getByText('No answer came.').waitFor();
    await submit.click();
    await form.locator('.amount-done', { hasText: /\w/ }).waitFor();
  }
  expect([await balance(), await available()]).toEqual([Number(before[0]) + 1_000, Number(before[1]) + 10]);
});

test('a burst goes on while another view is open, shows how far it is, and can be stopped', async () => {
  const page = await arrive();
  await page.getByLabel('Customer', { exact: true }).first().selectOption('bob');
  const before = (await ordersOf('bob')).length;
  let held: (() => void)[] = [];
  await page.route('**/orders', async (route) => {
    if (route.request().method() === 'POST') await new Promise<void>((go) => held.push(go));
    await route.continue();
  });
  await page.getByLabel('How many orders').fill('30');
  await page.getByRole('button', { name: 'Place 30 orders' }).click();
  await expect.poll(() => held.length).toBe(5);
  await page.getByRole('link', { name: 'Shop', exact: true }).click();
  await page.getByText('0 of 30 placed').waitFor();
  const [first, ...others] = held;
  held = [];
  first?.();
  await page.getByText('1 of 30 placed').waitFor();
  await expect.poll(() => held.length).toBe(1);
  await page.getByRole('button', { name: 'Stop' }).click();
  for (const go of [...others, ...held]) go();
  await page.locator('.burst').waitFor({ state: 'detached' });
  expect((await ordersOf('bob')).length).toBe(before + 6);
});

test('the list shows a new order at once, and follows it', async () => {
  const page = await arrive();
  await page.locator('.connection-live').waitFor();
  const items = [{ sku: 'keyboard', quantity: 1 }];
  const { body } = await system.call<{ orderId: string }>('POST', '/orders', { customerId: 'alice', items });
  const row = page.locator(`[data-order="${body.orderId}"]`);
  await row.waitFor();
  await page.locator(`[data-order="${body.orderId}"][data-status="COMPLETED"]`).waitFor();
  await page.getByLabel('Status').selectOption('PAYMENT_FAILED');
  await row.waitFor({ state: 'detached' });
  expect(page.url()).toContain('status=PAYMENT_FAILED');
});

test('a sold-out product: the refund is an arrow in the colour of compensation', async () => {
  const page = await arrive();
  await page.getByRole('button', { name: /It is undone/ }).click();
  await page.locator('.order-title .pill', { hasText: 'Out of stock' }).waitFor();
  await page.locator('.arrow.tone-failure', { hasText: 'Reservation failed' }).waitFor();
  await page.locator('.arrow.tone-compensation', { hasText: 'Payment refunded' }).waitFor();
  expect(await page.locator('.order-now').textContent()).toContain('The money was refunded.');
  // No mail was sent, and none will be.
  expect(await page.getByRole('link', { name: 'The mail' }).count()).toBe(0);
  expect(await page.locator('.lane-state').allTextContents()).toEqual([
    'Out of stock',
    'Refunded',
    'Refused',
    'Not needed',
  ]);
});

test('an event opens its details, and its cause can be followed back to the customer', async () => {
  const page = await arrive();
  await page.getByRole('button', { name: /It goes through/ }).click();
  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor();
  await page.locator('.arrow-label', { hasText: 'Customer notified' }).click();
  const details = page.getByRole('complementary');
  await details.getByText('OrderCompletedNotificationSentEvent').waitFor();
  await details.getByRole('button', { name: 'Products reserved' }).click();
  await details.getByRole('button', { name: 'Payment completed' }).click();
  expect(await details.getByRole('region', { name: 'Payload' }).textContent()).toContain('"answerBy"');
  await details.getByRole('button', { name: 'Order created' }).click();
  await details.getByText('The customer’s order').waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
});

test('a finished order can be replayed from its beginning', async () => {
  const page = await arrive();
  await page.getByRole('button', { name: /It goes through/ }).click();
  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor();
  await page.getByRole('button', { name: '4×' }).click();
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect.poll(() => page.locator('.arrow').count()).toBeLessThan(4);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(() => page.locator('.arrow').count(), { timeout: 15_000 }).toBe(4);
  await page.getByRole('slider', { name: 'Position' }).fill('60');
  expect(await page.locator('.arrow').count()).toBeLessThan(3);
  await page.getByRole('button', { name: 'Back to live' }).click();
  expect(await page.locator('.arrow').count()).toBe(4);
});

test('an invalid quantity is reported at its field, and nothing is placed', async () => {
  const page = await arrive();
  await page.locator('.form-total').waitFor();
  await page.getByLabel('How many orders').fill('1000');
  for (const typed of ['0', '-1', '1.5', '']) {
    await page.getByLabel('Quantity').fill(typed);
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.getByText('A whole number from 1 to 999.').waitFor();
    expect(await page.getByLabel('Quantity').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.form-total').count()).toBe(0);
  }
  await page.getByText('A whole number from 1 to 100.').waitFor();
  await page.getByLabel('Quantity').fill('2');
  expect(await page.locator('.form-done').count()).toBe(0);
  await page.getByLabel('How many orders').fill('1');
  expect(await page.locator('.field-error').count()).toBe(0);
  expect(await page.locator('.form-total').textContent()).toContain('₩50,000');
});

test('a refusal of the API is reported once, at its field, in the language of the page', async () => {
  const page = await arrive('', { language: 'ko' });
  // As if the product had been removed after the shop was loaded.
  await page.route('**/orders', (route) => {
    const request = route.request();
    if (request.method() !== 'POST') return route.fallback();
    const order = request.postDataJSON() as object;
    return route.continue({
      postData: JSON.stringify({ ...order, items: [{ sku: 'vanished', quantity: 1 }] }),
    });
  });
  await page.getByRole('button', { name: '주문 넣기' }).click();
  await page.locator('.field-error', { hasText: '없는 상품입니다.' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  visitor.ignoreErrors(/status of 422/);
});

test('several orders are placed one after another', async () => {
  const page = await arrive();
  await page.getByLabel('How many orders').fill('5');
  await page.getByRole('button', { name: 'Place 5 orders' }).click();
  await page.getByText('5 orders placed.').waitFor();
});

test('with the keyboard alone: place an order, open it, look at an event', async () => {
  const page = await arrive();
  await page.locator('.connection-live').waitFor();
  const press = async (key: string, until: () => Promise<boolean>) => {
    for (let presses = 0; presses < 60; presses++) {
      if (await until()) return;
      await page.keyboard.press(key);
    }
    throw new Error(`never got there with ${key}`);
  };
  const isOn = (text: string) => async () =>
    (await page.evaluate(() => document.activeElement?.textContent))?.trim() === text;
  await page.keyboard.press('Tab');
  expect(await isOn('Skip to content')()).toBe(true);
  await page.keyboard.press('Enter');
  await press('Tab', isOn('Place the order'));
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Watch it' }).waitFor();
  await press('Tab', isOn('Watch it'));
  await page.keyboard.press('Enter');
  await page.locator('[data-entry="event"]').first().waitFor();
  await press('Tab', () =>
    page.evaluate(() => document.activeElement?.matches('[data-entry="event"]') ?? false),
  );
  expect(
    await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle),
  ).toBe('solid');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').waitFor();
});

test('the shop: deposits and restocks show the new amount', async () => {
  const page = await arrive('shop');
  await page.getByLabel('Pieces for Figurine').fill('3');
  await page.getByRole('button', { name: 'Restock for Figurine' }).click();
  await page.getByText('Figurine: 3 available.').waitFor();
  await page.getByLabel('Amount in KRW for Bob').fill('50000');
  await page.getByRole('button', { name: 'Deposit for Bob' }).click();
  await page.getByText(/Bob has ₩\d\d,000\./).waitFor();
  await page.getByLabel('Amount in KRW for Bob').fill('1.5');
  await page.getByRole('button', { name: 'Deposit for Bob' }).click();
  await page.getByText('At least ₩1, in steps of ₩1.').waitFor();
});

test('the mails: what the customer was told, and for which order', async () => {
  const items = [{ sku: 'mouse', quantity: 1 }];
  const { body } = await system.call<{ orderId: string }>(
    'POST',
    '/orders',
    { customerId: 'alice', items },
    { prefer: 'wait=15' },
  );
  const page = await arrive(`mails?orderId=${body.orderId}`);
  const mail = page.locator('.mail');
  await mail.waitFor();
  expect(await mail.textContent()).toContain('1 x mouse at KRW');
  await mail.getByRole('link', { name: 'Open the order' }).click();
  await page.getByRole('heading', { name: `Order ${body.orderId.slice(0, 8)}` }).waitFor();
  // Other orders may need a person, which the title then counts.
  const title = new RegExp(`^(\\(\\d+\\) )?Order ${body.orderId.slice(0, 8)} · Order saga$`);
  await expect.poll(() => page.title()).toMatch(title);
});

test('many mails: newest first, more on demand, and a search', async () => {
  const { SMTP_URL } = withConnections({}, system.dataDir);
  const transport = createTransport(SMTP_URL);
  for (let number = 1; number <= 30; number++)
    await transport.sendMail({
      from: 'shop@shop.example',
      to: `reader${number}@shop.example`,
      subject: `Number ${number}`,
      text: 'Hello',
    });
  transport.close();
  const page = await arrive('mails');
  await page.getByRole('heading', { name: 'Number 30' }).waitFor();
  expect(await page.locator('.mail').count()).toBe(25);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('heading', { name: 'Number 1', exact: true }).waitFor();
  await page.getByLabel('Address or order id').fill('READER7@');
  await page.locator('.mail', { hasText: 'Number 7' }).waitFor();
  expect(await page.locator('.mail').count()).toBe(1);
  await page.getByLabel('Address or order id').fill('nobody');
  await page.getByText('No matching mails.').waitFor();
});

test('the chosen language and theme survive a reload', async () => {
  const page = await arrive();
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('heading', { name: '여러 서비스, 중앙 조율자 없이' }).waitFor();
  await page.getByRole('button', { name: /색상/ }).click();
  await page.getByRole('button', { name: '색상: 밝게' }).click();
  await page.getByRole('button', { name: '색상: 어둡게' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: '여러 서비스, 중앙 조율자 없이' }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe('dark');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko');
});

test('the page starts in the browser’s language', async () => {
  const page = await arrive('', { language: 'ko' });
  await page.getByRole('heading', { name: '여러 서비스, 중앙 조율자 없이' }).waitFor();
});

test('an unknown order and an unknown address', async () => {
  const page = await arrive('orders/00000000-0000-4000-8000-000000000000');
  await page.getByRole('heading', { name: 'There is no order with this id.' }).waitFor();
  await visitor.open('nowhere');
  await page.getByRole('heading', { name: 'There is nothing at this address.' }).waitFor();
  visitor.ignoreErrors(/status of 404/);
});
