import { expect, test } from 'vitest';
import { runCampaign } from '../../core/simulation/campaign.js';
import { choicesAgain, choicesOf } from '../../core/simulation/choices.js';
import { runWorld } from '../../simulation/world.js';

// Alone, two cores run some 50,000 a minute; here other tests take their share.
test('20,000 worlds break no rule', { timeout: 180_000 }, async () => {
  const { worlds, milliseconds, failures, outcomes } = await runCampaign({ worlds: 20_000, seed: 1 });
  const perMinute = (worlds / milliseconds) * 60_000;
  console.log(`${worlds} simulated worlds, ${Math.round(perMinute)} a minute:`, outcomes);
  expect(failures).toEqual([]);
  expect(worlds).toBe(20_000);
  expect(perMinute).toBeGreaterThan(10_000);
  expect(Object.keys(outcomes).sort()).toEqual(['COMPLETED', 'OUT_OF_STOCK', 'PAYMENT_FAILED']);
});

test.each([7, 77, 777])('seed %i gives the same world every time, and so do its choices', async (seed) => {
  const first = await runWorld(choicesOf(seed));
  const again = await runWorld(choicesOf(seed));
  const choices = choicesOf(seed);
  await runWorld(choices);
  const replayed = await runWorld(choicesAgain(choices.made));
  expect(again.story).toEqual(first.story);
  expect(replayed.story).toEqual(first.story);
  expect(first.steps).toBeGreaterThan(20);
});

test('the tamest world is the happy path', async () => {
  const { broken, stored } = await runWorld(choicesAgain([]));
  expect(broken).toEqual([]);
  expect(stored.rows).toMatchObject({
    order: { status: 'COMPLETED' },
    payment: { status: 'SETTLED' },
    inventory: { status: 'RESERVED' },
    notification: { status: 'SENT' },
  });
  expect([...stored.journal.values()].map(({ event }) => event.type)).toEqual([
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'InventoryReservedEvent',
    'OrderCompletedNotificationSentEvent',
  ]);
});
