import { afterAll, beforeAll, expect, test } from 'vitest';
import { waysOf, type Cell } from '../../schemas/decision-tables/cell.js';
import { decisionTables } from '../../schemas/decision-tables/decision-tables.js';
import { services } from '../../schemas/services.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { testEveryCell } from './bench.js';
import { testedInventory } from './inventory-bench.js';
import { testedNotification } from './notification-bench.js';
import { testedOrder } from './order-bench.js';
import { testedPayment } from './payment-bench.js';
import { testedPlainly } from './plain-bench.js';
import { createScene } from './scene.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
  await db.owner.query(`insert into payment.wallets values ('erika', 'EUR', 0)`);
});

afterAll(() => db.close());

const newScene = () => createScene(db);

const withBench = [testedPayment, testedInventory, testedNotification, testedOrder];
const others = services.filter((service) => !withBench.some((tested) => tested.service === service));

const tested =
  testEveryCell(testedPayment, newScene) +
  testEveryCell(testedInventory, newScene) +
  testEveryCell(testedNotification, newScene) +
  testEveryCell(testedOrder, newScene) +
  others.reduce((sum, service) => sum + testEveryCell(testedPlainly(service), newScene), 0);

test('every way of every cell has its test', () => {
  const cells = Object.values(decisionTables)
    .flatMap((table) => Object.values(table) as Readonly<Record<string, Cell<string>>>[])
    .flatMap((row) => Object.values(row));
  const ways = cells.flatMap(waysOf);
  console.log(
    `decision tables: ${cells.length} cells, ${tested} of ${ways.length} ways tested on PostgreSQL`,
  );
  expect(tested).toBe(ways.length);
  expect(cells.length).toBeGreaterThan(100);
});
