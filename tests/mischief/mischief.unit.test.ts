import { expect, test } from 'vitest';
import { mischievous } from '../../scripts/mischief.js';
import type { SagaEvent } from '../../schemas/event.js';

const event = { type: 'OrderCreatedEvent', payload: {} } as unknown as SagaEvent;

/** One delivery with this lot; what happened, in order. */
async function deliverWith(lot: number): Promise<readonly string[]> {
  const happened: string[] = [];
  const lots = [lot, 0.5];
  const deliver = mischievous(() => Promise.resolve(void happened.push('delivered')), {
    random: () => lots.shift() ?? 0,
    sleep: (ms) => Promise.resolve(happened.push(`waited ${ms} ms`)),
    say: () => undefined,
  });
  await deliver('payment', event).then(
    () => happened.push('resolved'),
    () => happened.push('rejected'),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return happened;
}

test('a delivery is claimed only when it has happened', async () => {
  expect(await deliverWith(0.1)).toEqual(['rejected']);
  expect(await deliverWith(0.3)).toEqual(['waited 750 ms', 'delivered', 'resolved']);
  expect(await deliverWith(0.5)).toEqual(['delivered', 'waited 750 ms', 'delivered', 'resolved']);
  expect(await deliverWith(0.6)).toEqual(['delivered', 'rejected']);
  expect(await deliverWith(0.9)).toEqual(['delivered', 'resolved']);
});
