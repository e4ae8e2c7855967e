import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { noFaults, type DeliveryFaults } from '../../schemas/faults.js';
import { until } from '../e2e/running-system.js';
import type { OrderId } from '../../schemas/ids.js';
import { lostCancellation } from '../support/lost-cancellation.js';
import { restoreToJournal, signalPayment } from './lost-event.js';
import { browser, system } from './shop.js';
import { Visitor } from './visitor.js';

let visitor: Visitor;
let page: Page;

afterEach(() => visitor.leave());

async function place(): Promise<string> {
  const items = [{ sku: 'mouse', quantity: 1 }];
  const { body } = await system.call<{ orderId: string }>('POST', '/orders', { customerId: 'alice', items });
  return body.orderId;
}

async function switchMail(mode: 'Normal' | 'Down'): Promise<void> {
  await visitor.open('faults');
  const switches = page.locator('[data-faults="notification"]');
  await switches.getByRole('radio', { name: mode }).check();
  await switches.getByRole('button', { name: 'Apply' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Mina');
  await dialog.getByRole('button', { name: 'Yes, do it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await switches.getByText('Mina').waitFor();
}

test('the mail server is down: retries, a parked notification, an operator’s retry, and completion', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  await switchMail('Down');
  const banner = page.locator('.faults-banner', { hasText: 'Notification: Down' });
  await banner.waitFor();

  const orderId = await place();
  await visitor.open(`orders/${orderId}`);
  await page.locator('[data-entry="attempt"]', { hasText: 'Attempt 1' }).waitFor();
  await page.locator('.wait[data-wait="next attempt"].is-open').waitFor();
  await page.locator('[data-entry="attempt"]', { hasText: 'Attempt 3' }).waitFor();
  await page.locator('[data-entry="parked"]').waitFor();
  await page.locator('.arrow.tone-failure', { hasText: 'Customer not notified' }).waitFor();
  await page.locator('.order-now', { hasText: 'Notification waits for an operator.' }).waitFor();
  await expectDeadlineInside();

  await switchMail('Normal');
  await banner.waitFor({ state: 'detached' });
  await visitor.open('operators');
  await page
    .getByRole('link', { name: /^Operators/ })
    .getByText('a person')
    .waitFor({ state: 'attached' });
  await expect.poll(() => page.title()).toMatch(/^\(\d+\) Operators/);
  const entry = page.locator(`[data-attention="NOTIFICATION_FAILED"][data-order="${orderId}"]`);
  await entry.getByRole('button', { name: 'Notify the customer again' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Your name').inputValue()).toBe('Mina');
  await dialog.getByRole('button', { name: 'Yes, do it' }).click();
  await entry.waitFor({ state: 'detached' });
  await page.locator('.record', { hasText: 'Mina asked to notify the customer again: accepted' }).waitFor();

  await visitor.open(`orders/${orderId}`);
  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor();
  await page.locator('[data-entry="operator"]', { hasText: 'Mina' }).waitFor();
});

/** Replays the pause before the third attempt, whose length is known by then: its label in the last lane must not spill. */
async function expectDeadlineInside(): Promise<void> {
  await page.setViewportSize({ width: 375, height: 800 });
  const rows = await page
    .locator('[data-mark="attempt"] .node')
    .evaluateAll((nodes) => nodes.map((node) => Number(node.getAttribute('cy'))));
  const [, second = Number.NaN, third = Number.NaN] = rows;
  await page.getByRole('slider', { name: 'Position' }).fill(String(10 * Math.round((second + third) / 20)));
  const label = page.locator('.wait[data-wait="next attempt"] .wait-due');
  await label.waitFor();
  const spills = await label.evaluate(
    (text) => text.getBoundingClientRect().right > (text.closest('svg')?.getBoundingClientRect().right ?? 0),
  );
  expect(spills).toBe(false);
  await page.setViewportSize({ width: 1_280, height: 900 });
}

test('without an operator’s name nothing is sent', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  await visitor.open('faults');
  await page.locator('.connection-live').waitFor();
  await page.locator('[data-faults="order"]').getByRole('button', { name: 'Apply' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Yes, do it' }).click();
  await dialog.getByText('Enter a name').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a refused signal: opened, redelivered in vain, and delivered once its event is in the journal', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  const cancellation = await lookAtRefused();
  const { orderId } = cancellation;

  const detail = page.getByRole('region', { name: /^Quarantined signal/ });
  await detail.getByText('not in the journal').first().waitFor();
  await detail.getByText('NOT_IN_JOURNAL: the journal holds no event of this id').waitFor();
  await detail.getByText(`payment-${orderId}`, { exact: true }).waitFor();
  await detail.getByText('The journal has no event with this id.', { exact: true }).waitFor();
  const carried = detail.getByRole('region', { name: 'Payload' });
  expect(JSON.parse((await carried.textContent()) ?? '')).toEqual(cancellation);
  const attention = page.locator(`[data-attention="SIGNAL_QUARANTINED"][data-order="${orderId}"]`);
  await attention.waitFor();

  await redriveIn(detail, 'Mina');
  const dialog = page.getByRole('dialog');
  const refusal = await dialog.getByRole('alert').textContent();
  expect(refusal).toContain('The signal still fails the check. (');
  visitor.ignoreErrors(/status of 422/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await detail.getByText('Mina asked to redeliver a refused signal: still refused').waitFor();
  const entry = page.locator('[data-quarantine]', { hasText: 'NOT_IN_JOURNAL' });
  await entry.getByText('Waiting').waitFor();
  await attention.waitFor();

  await restoreToJournal(system, cancellation);
  await redriveIn(entry, 'Jun');
  await dialog.waitFor({ state: 'detached' });
  await entry.getByText('Delivered').waitFor();
  await attention.waitFor({ state: 'detached' });
  await detail.getByText('Jun asked to redeliver a refused signal: delivered').waitFor();
  expect(await page.getByRole('button', { name: 'Redeliver it' }).count()).toBe(0);
  const record = page
    .getByRole('region', { name: 'Who did what' })
    .locator('li', { hasText: 'refused signal' });
  await expect
    .poll(() => record.locator('strong').allTextContents(), { timeout: 20_000 })
    .toEqual(['Jun', 'Mina']);

  await visitor.open(`orders/${orderId}`);
  await page.locator('.order-title .pill', { hasText: 'Out of stock' }).waitFor();
  await page.locator('[data-entry="operator"]', { hasText: 'Jun' }).waitFor();
  await switchMail('Normal');
});

test('a refused signal that can never be an event is dismissed, and needs nobody any more', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  const { orderId } = await lookAtRefused();

  const attention = page.locator(`[data-attention="SIGNAL_QUARANTINED"][data-order="${orderId}"]`);
  await attention.waitFor();
  const detail = page.getByRole('region', { name: /^Quarantined signal/ });
  await detail.getByRole('button', { name: 'Dismiss it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Dismiss this signal without further action?' });
  await dialog.getByLabel('Your name').fill('Hana');
  await dialog.getByRole('button', { name: 'Yes, do it' }).click();
  await dialog.waitFor({ state: 'detached' });
  await detail.getByText('Hana asked to dismiss a refused signal: dismissed').waitFor();
  await attention.waitFor({ state: 'detached' });
  expect(await detail.getByRole('button', { name: 'Dismiss it' }).count()).toBe(0);
  await switchMail('Normal');
});

/** Sends Payment a cancellation that nobody published, for an order whose notification is parked, and opens it in quarantine. */
async function lookAtRefused() {
  await switchMail('Down');
  const orderId = await place();
  await visitor.open(`orders/${orderId}`);
  await page.locator('[data-entry="parked"]').waitFor();
  const cancellation = lostCancellation(orderId as OrderId);
  await signalPayment(system, cancellation);
  await page.locator('[data-entry="quarantined"]', { hasText: 'OrderCancelledEvent' }).click();
  await page.getByRole('link', { name: 'Open in quarantine' }).click();
  return cancellation;
}

/** Redelivers a signal as this operator. */
async function redriveIn(part: Locator, operator: string): Promise<void> {
  await part.getByRole('button', { name: 'Redeliver it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Check the signal again, and deliver it if it passes?' });
  await dialog.getByLabel('Your name').fill(operator);
  await dialog.getByRole('button', { name: 'Yes, do it' }).click();
}

/** Sets how Payment's events are delivered. */
async function switchDeliveries(chances: Partial<DeliveryFaults>): Promise<void> {
  const { deliveries, ...others } = noFaults.payment;
  const settings = { ...others, deliveries: { ...deliveries, ...chances } };
  const { status } = await system.call('PUT', '/faults/payment', settings, { operator: 'Mina' });
  expect(status).toBe(200);
}

test('duplicate and late events are marked in the diagram and listed in the timeline', async () => {
  await switchDeliveries({ duplicate: 1, reorder: 1, maxDelayMs: 2_500 });
  const orderId = await place();
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  await visitor.open(`orders/${orderId}`);
  const name = `Diagram of order ${orderId.slice(0, 8)}. The list “What happened” says the same in words.`;
  const diagram = page.getByRole('img', { name });
  const list = page.getByRole('region', { name: 'What happened' });
  for (const meaning of ['Duplicate, dropped', 'Late, no effect']) {
    await diagram.locator('.note-drop', { hasText: meaning }).first().waitFor();
    const told = list.getByRole('button', { name: `${meaning} The event was “Payment completed”.` }).first();
    await told.click();
    const details = page.getByRole('complementary', { name: meaning });
    await details.getByRole('button', { name: 'Payment completed' }).waitFor();
  }
  await page.getByText('How to read it').click();
  await page.getByText('duplicate or late, dropped').waitFor();
  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor();
  await switchDeliveries({});
});

test('the API dies and comes back: the page says so, reconnects, and misses nothing', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  await visitor.open('');
  await page.locator('.connection-live').waitFor();
  const before = await place();
  await page.locator(`[data-order="${before}"]`).waitFor();

  killApi();
  await page.locator('.connection-lost', { hasText: 'Connection lost, trying again' }).waitFor();
  await until(isBack, 30_000);
  const during = await place();
  await page.locator('.connection-live').waitFor();
  await page.locator(`[data-order="${during}"][data-status="COMPLETED"]`).waitFor();
  await page.locator(`[data-order="${before}"][data-status="COMPLETED"]`).waitFor();
  visitor.ignoreErrors(/ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|Failed to load resource/);
});

test('an order watched while the API dies shows every event once, as the journal has them', async () => {
  visitor = await Visitor.arrive(browser, system.apiUrl);
  ({ page } = visitor);
  const orderId = await place();
  await visitor.open(`orders/${orderId}`);
  await page.locator('.arrow').first().waitFor();
  killApi();
  await page.locator('.connection-lost').waitFor();
  await until(isBack, 30_000);
  await page.locator('.connection-live').waitFor();
  await page.locator('.order-title .pill', { hasText: 'Completed' }).waitFor({ timeout: 40_000 });
  const { body } = await system.call<{ events: { eventId: string }[] }>('GET', `/orders/${orderId}/events`);
  const shown = () =>
    page.locator('.arrow').evaluateAll((arrows) => arrows.map((arrow) => arrow.getAttribute('data-event')));
  await expect.poll(shown, { timeout: 20_000 }).toEqual(body.events.map(({ eventId }) => eventId));
  visitor.ignoreErrors(/ERR_CONNECTION|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|Failed to load resource/);
});

function killApi(): void {
  const api = system.processes().find(({ command }) => /^\S*node\S* .*bin\/api\.js/.test(command));
  process.kill(api?.pid ?? Number.NaN, 'SIGKILL');
}

const isBack = () =>
  fetch(`${system.apiUrl}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
