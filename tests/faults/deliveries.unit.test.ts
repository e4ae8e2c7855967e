import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SagaEvent } from '../../schemas/event.js';
import { noFaults } from '../../schemas/faults.js';
import { deliverBadly, type Chances } from '../../workers/faults/deliveries.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const eventOf = (eventId: string) =>
  ({ type: 'OrderCreatedEvent', payload: { eventId } }) as unknown as SagaEvent;
const tame: Chances = noFaults.order.deliveries;
const certain = { refuse: 1, delay: 1, reorder: 1, duplicate: 1, deny: 1 };

/** A delivery under these chances, half of all pauses long; what happens is told with its time in ms. */
function world(
  chances: Partial<Chances>,
  { overtakenAt = Number.POSITIVE_INFINITY, random = (): number => 0.5 } = {},
) {
  const startedAt = Date.now();
  const now = () => Date.now() - startedAt;
  const happened: string[] = [];
  const state = { chances: { ...tame, maxDelayMs: 1_000, ...chances }, isDown: false };
  const deliver = deliverBadly(
    () => {
      happened.push(state.isDown ? `${now()} failed` : `${now()} delivered`);
      return state.isDown ? Promise.reject(new Error('unavailable')) : Promise.resolve();
    },
    () => Promise.resolve(state.chances),
    {
      random,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      isOvertaken: () => Promise.resolve(now() >= overtakenAt),
      say: () => undefined,
    },
  );
  /** One try of the publish step, with all that follows from it within a minute. */
  const attempt = (eventId = 'e') =>
    deliver('payment', eventOf(eventId)).then(
      () => happened.push(`${now()} claimed`),
      () => happened.push(`${now()} failed to publish`),
    );
  return { happened, state, attempt };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('without faults an event is delivered at once, and once', async () => {
  const { attempt, happened } = world({});
  await attempt();
  await pass(60_000);
  expect(happened).toEqual(['0 delivered', '0 claimed']);
});

test.each([
  [{ refuse: 1 }, ['0 failed to publish']],
  [{ delay: 1 }, ['500 delivered', '500 claimed']],
  [{ duplicate: 1 }, ['0 delivered', '0 claimed', '500 delivered']],
  [{ deny: 1 }, ['0 delivered', '0 failed to publish']],
  [{ delay: 1, duplicate: 1 }, ['500 delivered', '500 claimed', '1000 delivered']],
  [certain, ['0 failed to publish']],
])('with %j it is claimed only when it has happened', async (chances, expected) => {
  const { attempt, happened } = world(chances);
  void attempt();
  await pass(10_000);
  expect(happened).toEqual(expected);
});

test('it waits until a later event has overtaken it, and no longer', async () => {
  const { attempt, happened } = world({ reorder: 1 }, { overtakenAt: 320 });
  void attempt();
  await pass(10_000);
  expect(happened).toEqual(['350 delivered', '350 claimed']);
});

test('where nothing overtakes it, it is delivered when the longest delay is over', async () => {
  const { attempt, happened } = world({ reorder: 1, maxDelayMs: 400 });
  void attempt();
  await pass(10_000);
  expect(happened).toEqual(['400 delivered', '400 claimed']);
});

test('a long delay outlasts tries of a second each, is one delivery, and stays done for those that come later', async () => {
  const { attempt, happened } = world({ delay: 1, maxDelayMs: 5_000 });
  for (const pause of [1_100, 1_200, 1_400, 1_000]) {
    void attempt();
    await pass(pause);
  }
  expect(happened).toEqual([
    '1000 failed to publish',
    '2100 failed to publish',
    '2500 delivered',
    '2500 claimed',
    '3700 claimed',
  ]);
});

test('a delayed delivery that fails is begun anew by the next try, also when nobody was waiting for it', async () => {
  const { attempt, happened, state } = world({ delay: 1, maxDelayMs: 3_000 });
  state.isDown = true;
  void attempt();
  await pass(2_000);
  state.isDown = false;
  state.chances = tame;
  await attempt();
  expect(happened).toEqual(['1000 failed to publish', '1500 failed', '2000 delivered', '2000 claimed']);
});

/** Numbers in [0, 1) that are the same at every run: the generator of Park and Miller. */
function seeded(seed: number): () => number {
  const MODULUS = 2_147_483_647;
  let state = seed;
  return () => (state = (state * 48_271) % MODULUS) / MODULUS;
}

test.each(['duplicate', 'delay', 'reorder'] as const)(
  'a chance of 0.3 to %s falls on that share of the deliveries',
  async (what) => {
    const { attempt, happened } = world({ [what]: 0.3 }, { random: seeded(1) });
    for (let number = 0; number < 200; number++) void attempt(`event ${number}`);
    await pass(3_000);
    const delivered = happened.filter((line) => line.endsWith(' delivered'));
    const late = delivered.filter((line) => !line.startsWith('0 '));
    expect(late.length).toBeGreaterThan(50);
    expect(late.length).toBeLessThan(70);
    expect(delivered).toHaveLength(what === 'duplicate' ? 200 + late.length : 200);
  },
);
