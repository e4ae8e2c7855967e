import { expect, test } from 'vitest';
import { runCampaign } from '../../core/simulation/campaign.js';
import { choicesAgain, choicesOf } from '../../core/simulation/choices.js';
import { THREAD } from '../../simulation/attack.js';
import { orderId } from '../../simulation/order.js';
import { rowsOfOrder } from '../../simulation/stored.js';
import { runWorld } from '../../simulation/world.js';

// `npm run simulate` runs as many as one likes, and CI 5,000; here they are enough to notice that a rule no longer holds.
test('300 worlds break no rule', { timeout: 180_000 }, async () => {
  const { worlds, failures, outcomes } = await runCampaign({ thread: THREAD, worlds: 300, seed: 1 });
  expect(failures).toEqual([]);
  expect(worlds).toBe(300);
  expect(Object.keys(outcomes).sort()).toEqual(['COMPLETED', 'OUT_OF_STOCK', 'PAYMENT_FAILED']);
});

test.each([7, 77, 777])('seed %i gives the same world every time, and so do its choices', async (seed) => {
  const first = await runWorld(choicesOf(seed));
  const again = await runWorld(choicesOf(seed));
  const choices = choicesOf(seed);
  await runWorld(choices);
  const replayed = await runWorld(choicesAgain(choices.made));
  expect(again.trace).toEqual(first.trace);
  expect(replayed.trace).toEqual(first.trace);
  expect(first.steps).toBeGreaterThan(20);
});

test('the tamest world is the happy path', async () => {
  const { broken, stored } = await runWorld(choicesAgain([]));
  expect(broken).toEqual([]);
  expect(rowsOfOrder(stored, orderId)).toMatchObject({
    order: { status: 'COMPLETED' },
    payment: { status: 'CONFIRMED' },
    inventory: { status: 'RESERVED' },
    notification: { status: 'SENT' },
  });
  const happyPath = [
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservedEvent',
    'OrderCompletedNotificationSentEvent',
  ];
  const types = [...stored.journal.values()].map(({ event }) => event.type);
  expect(types.filter((type) => happyPath.includes(type))).toEqual(happyPath);
  expect(new Set(types).size).toBe(types.length);
});
