import { afterAll, beforeAll, expect, test } from 'vitest';
import { services } from '../../schemas/services.js';
import { createWorld, placementOf, type World } from '../support/saga-world.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());

test('alice buys a mouse: charged, reserved, told, completed', async () => {
  const orderId = await world.place(placementOf('alice', 'mouse'));
  for (const service of services) await world.finished(service, orderId);
  const { rows } = await world.db.owner.query(
    `select status, reason from orders.orders where order_id = $1`,
    [orderId],
  );
  expect(rows).toEqual([{ status: 'COMPLETED', reason: null }]);
  const counts: Record<string, number> = {};
  for (const s of services) counts[s] = (await world.history(s, orderId)).events?.length ?? 0;
  console.log(
    counts,
    Object.values(counts).reduce((a, b) => a + b),
  );
});
