import { expect, test } from 'vitest';
import { buildPatched } from '../../core/simulation/build.js';
import { explore } from '../../core/simulation/explore/explore.js';
import { checkFingerprints } from '../../core/simulation/explore/self-check.js';
import { defects } from '../../simulation/defects.js';
import { faultKinds, openWorld, type ScenarioName } from '../../simulation/explorer.js';
import type * as Explorer from '../support/whole-explorer.js';

const kindOf = (fault: string) => faultKinds.find(({ name }) => name === fault);
const openIn = (scenario: ScenarioName, fault: string) => () => openWorld(scenario, kindOf(fault));

/** The ends of all schedules, as fingerprints. */
async function endsOf(open: ReturnType<typeof openIn>, isReduced: boolean) {
  const ends: string[] = [];
  const { isComplete } = await explore({ open, isReduced, onEnd: (end) => ends.push(end) });
  expect(isComplete).toBe(true);
  return ends.sort();
}

// `npm run explore` explores every kind of fault. The counts are exact: another one means that something else can happen.
test.each([
  ['not enough money', { states: 18, transitions: 17, ends: 1 }],
  ['not in stock', { states: 46, transitions: 47, ends: 1 }],
  ['paid and in stock', { states: 765, transitions: 1_183, ends: 4 }],
] as const)(
  'every schedule without a fault of an order that is: %s',
  { timeout: 180_000 },
  async (scenario, counts) => {
    const found = await explore({ open: openIn(scenario, 'no fault') });
    expect(found).toMatchObject({ ...counts, isComplete: true, violation: undefined });
  },
);

test.each([
  ['a transaction fails', { states: 112, ends: 7 }],
  ['a worker dies', { states: 233, ends: 8 }],
  ['a participant is terminated', { states: 238, ends: 11 }],
] as const)(
  'every schedule without the money, where at most once %s',
  { timeout: 180_000 },
  async (fault, counts) => {
    const found = await explore({ open: openIn('not enough money', fault) });
    expect(found).toMatchObject({ ...counts, isComplete: true, violation: undefined });
  },
);

test.each([
  ['not in stock', 'no fault'],
  ['not enough money', 'a transaction fails'],
  ['not enough money', 'a delivery fails, and is done later all the same'],
] as const)('%s, %s: the reduction leaves out no end', { timeout: 180_000 }, async (scenario, fault) => {
  const open = openIn(scenario, fault);
  expect(await endsOf(open, true)).toEqual(await endsOf(open, false));
});

test('what passes for the same state has the same future', { timeout: 180_000 }, async () => {
  const open = openIn('not enough money', 'a step takes longer than any deadline');
  const { compared, differing } = await checkFingerprints({ open }, 20);
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(10);
});

/** Each with the order and the kind of fault by which it is found. */
const found = [
  ['a repeat is dropped uncounted', 'not enough money', 'a transaction fails'],
  ['a repeat does not return what is still to be published', 'not enough money', 'a worker dies'],
  ['an error while delivering is swallowed', 'not enough money', 'a delivery fails'],
  [
    'a charge of unknown outcome is made void although it was committed',
    'not enough money',
    'a transaction fails',
  ],
  [
    'an event is marked delivered after its first subscriber',
    'not in stock',
    'a transaction commits, and the answer is lost',
  ],
] as const;

test.each(found)('found: %s', { timeout: 180_000 }, async (name, scenario, fault) => {
  const built = await buildPatched(
    'tests/support/whole-explorer.ts',
    defects.find((defect) => defect.name === name)?.patches ?? [],
  );
  try {
    const wrong = (await import(built.file)) as typeof Explorer;
    const kind = wrong.faultKinds.find((other) => other.name === fault);
    const open = () => wrong.openWorld(scenario, kind);
    const { violation, isComplete } = await wrong.explore({ open });
    const shortest = await wrong.shortestViolation(open);
    expect(isComplete).toBe(false);
    expect(shortest?.choices.length).toBeLessThanOrEqual(violation?.choices.length ?? 0);
    const again = await wrong.replay(open, shortest?.choices ?? []);
    expect(again.broken[0]).toBe(shortest?.rule);
    expect(again.broken[0]).toMatch(/\w/);
    expect(again.trace).toEqual(shortest?.trace);
  } finally {
    await built.remove();
  }
});
