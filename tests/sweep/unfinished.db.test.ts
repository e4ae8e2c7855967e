import { afterAll, beforeAll, beforeEach, test } from 'vitest';
import { postgresSweepStore } from '../../core/postgres/sweep.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { scenarios } from './scenarios.js';
import { SweepWorld } from './sweep-world.js';

let db: TestDatabase;
let world: SweepWorld;
beforeAll(async () => {
  db = await createTestDatabase();
  world = new SweepWorld(db, postgresSweepStore);
});
beforeEach(() => world.forgetAll());
afterAll(() => db.close());

test.each(Object.entries(scenarios))('%s', (_, scenario) => scenario(world));
