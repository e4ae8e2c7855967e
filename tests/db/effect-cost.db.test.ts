import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, forEachLogin, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { countRoundTrips } from '../support/round-trips.js';
import { placementOf } from '../support/saga-world.js';

// What a completed order asks of PostgreSQL, beside its HTTP requests. Whoever makes it dearer has to say so here.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

test('a completed order takes so many commits and round trips of each service', async () => {
  const run = effectsAlone({ pools: db.pools });
  await run(placementOf('alice', 'mouse'));
  const counts = forEachLogin((login) => countRoundTrips(db.pools[login]));
  await run(placementOf('alice', 'mouse'));
  const cost = Object.fromEntries(
    (['order', 'payment', 'inventory', 'notification'] as const).map((service) => [
      service,
      counts[service](),
    ]),
  );
  expect(cost).toEqual({
    // Placed; look; paid, reserved, completed; published.
    order: { commits: 7, roundTrips: 2 + 2 + 3 * 3 + 2 },
    // Charged, confirmed; published.
    payment: { commits: 4, roundTrips: 4 + 3 + 2 },
    inventory: { commits: 3, roundTrips: 4 + 2 },
    // Prepared; an attempt begun and ended; published.
    notification: { commits: 5, roundTrips: 3 + 2 + 2 + 2 },
  });
});
