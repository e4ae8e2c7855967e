import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../core/postgres/pool.js';
import { services } from '../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { placementOf } from '../support/saga-world.js';

// What a completed order asks of PostgreSQL, beside its HTTP requests. Whoever makes it dearer has to say so here.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

interface Cost {
  /** Those of a single statement included. */
  transactions: number;
  /** Each is a round trip. */
  statements: number;
}

/** Counts what goes over a pool's connections from now on. */
function counted(pool: Pool): Cost {
  const cost = { transactions: 0, statements: 0 };
  const known = new Set<unknown>();
  pool.on('acquire', (client) => {
    cost.transactions++;
    if (known.has(client)) return;
    known.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      cost.statements++;
      return query(...args);
    }) as typeof client.query;
  });
  return cost;
}

test('a completed order takes so many transactions and statements of each service', async () => {
  const run = effectsAlone(db);
  // Opens the connections.
  await run(placementOf('alice', 'mouse'));
  const costs = services.map((service) => [service, counted(db.pools[service])] as const);
  await run(placementOf('alice', 'mouse'));
  expect(Object.fromEntries(costs)).toEqual({
    order: { transactions: 7, statements: 47 },
    payment: { transactions: 4, statements: 22 },
    inventory: { transactions: 3, statements: 15 },
    notification: { transactions: 5, statements: 33 },
  });
});
