import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditDatabase } from '../../tools/audit/findings.js';
import { simulatePlan } from '../../simulation/plan.js';
import { drawPlan, namedPlans } from '../../simulation/plans.js';
import { createWorldForPlans, runPlan } from '../support/real-plan.js';
import type { World } from '../support/saga-world.js';

let world: World;
beforeAll(async () => (world = await createWorldForPlans()));
afterAll(() => world.close());

const seeds = Array.from({ length: 16 }, (_, i) => i + 1);
const plans = [
  ...Object.entries(namedPlans),
  ...seeds.map((seed) => [`plan ${seed}`, drawPlan(seed)] as const),
];

test.each(plans)(
  '%s: ends with the same rows on Temporal and PostgreSQL as in the simulation',
  async (_, plan) => {
    const simulated = await simulatePlan(plan);
    expect(await runPlan(world, plan)).toEqual(simulated);
  },
);

test('the plans differ in what they lead to', async () => {
  const ends = await Promise.all(plans.map(([, plan]) => simulatePlan(plan)));
  expect(new Set(ends.map(({ order }) => order)).size).toBeGreaterThanOrEqual(4);
});

test('the auditor finds nothing in all that, however long services have had to catch up', async () => {
  expect(await auditDatabase(world.db.owner, new Date('2999-01-01'))).toEqual([]);
});
