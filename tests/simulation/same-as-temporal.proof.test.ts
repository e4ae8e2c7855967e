import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditDatabase } from '../../tools/audit/findings.js';
import { simulatePlan, type FinalRows, type Plan } from '../../simulation/plan.js';
import { drawPlan, namedPlans } from '../../simulation/plans.js';
import { createWorldForPlans, runPlan } from '../support/real-plan.js';
import type { World } from '../support/saga-world.js';

let world: World;
beforeAll(async () => (world = await createWorldForPlans()));
afterAll(() => world.close());

/** A plan takes a second or two. */
const STANDSTILL_MS = 45_000;

/**
 * Once in a while time no longer goes on: a workflow task that was handed out never ends, and a server that skips time waits
 * for it. Whether the server or the worker is to blame is not known; a real server times such a task out. The plan is run
 * again on another server; if that stands still as well, the test fails.
 */
async function runPlanOnce(plan: Plan): Promise<FinalRows> {
  const standstill = sleep(STANDSTILL_MS, 'STANDSTILL' as const, { ref: false });
  const ended = await Promise.race([runPlan(world, plan), standstill]);
  if (ended !== 'STANDSTILL') return ended;
  console.log('the time-skipping server stands still; the plan is run again on another one');
  world = await createWorldForPlans();
  return runPlan(world, plan);
}

const seeds = Array.from({ length: 16 }, (_, i) => i + 1);
const plans = [
  ...Object.entries(namedPlans),
  ...seeds.map((seed) => [`plan ${seed}`, drawPlan(seed)] as const),
];

test.each(plans)(
  '%s: ends with the same rows on Temporal and PostgreSQL as in the simulation',
  async (_, plan) => {
    const simulated = await simulatePlan(plan);
    expect(await runPlanOnce(plan)).toEqual(simulated);
  },
);

test('the plans differ in what they lead to', async () => {
  const ends = await Promise.all(plans.map(([, plan]) => simulatePlan(plan)));
  expect(new Set(ends.map(({ order }) => order)).size).toBeGreaterThanOrEqual(4);
});

test('the auditor finds nothing in all that, however long services have had to catch up', async () => {
  expect(await auditDatabase(world.db.owner, new Date('2999-01-01'))).toEqual([]);
});
