import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulatePlan } from '../../simulation/plan.js';
import { drawPlan } from '../../simulation/plans.js';
import { createWorldForPlans, runPlan } from '../support/real-plan.js';
import { placementOf, type World } from '../support/saga-world.js';

/** The workers keep no workflow in memory: every workflow task replays its participant from the start. */
let world: World;
beforeAll(async () => (world = await createWorldForPlans({ maxCachedWorkflows: 0 })));
afterAll(() => world.close());

test.each([
  ['alice', 'mouse', 'COMPLETED'],
  ['bob', 'mouse', 'PAYMENT_FAILED'],
  ['alice', 'figurine', 'OUT_OF_STOCK'],
] as const)('%s and a %s: %s', async (customer, sku, status) => {
  const orderId = await world.place(placementOf(customer, sku));
  await world.finished('order', orderId);
  expect(await world.order(orderId)).toMatchObject({ status });
});

test.each([31, 32, 33, 34, 35, 36, 37, 38])('plan %i ends as in the simulation', async (seed) => {
  const plan = drawPlan(seed);
  expect(await runPlan(world, plan)).toEqual(await simulatePlan(plan));
});
