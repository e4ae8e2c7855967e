import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditDatabase } from '../../scripts/audit/findings.js';
import { drawPlan, simulatePlan } from '../../simulation/plan.js';
import { runPlan } from '../support/real-plan.js';
import { createWorld, type World } from '../support/saga-world.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());

const seeds = Array.from({ length: 24 }, (_, i) => i + 1);

test.each(seeds)(
  'plan %i ends with the same rows on Temporal and PostgreSQL as in the simulation',
  async (seed) => {
    const plan = drawPlan(seed);
    const simulated = await simulatePlan(plan);
    expect(await runPlan(world, plan)).toEqual(simulated);
  },
);

test('the plans differ in what they lead to', async () => {
  const ends = await Promise.all(seeds.map((seed) => simulatePlan(drawPlan(seed))));
  expect(new Set(ends.map(({ order }) => order)).size).toBeGreaterThanOrEqual(4);
});

test('the auditor finds nothing in all that, however long services have had to catch up', async () => {
  expect(await auditDatabase(world.db.owner, new Date('2999-01-01'))).toEqual([]);
});
