import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPatched, type Built } from '../../core/simulation/build.js';
import type { OrderId } from '../../schemas/ids.js';
import { services } from '../../schemas/services.js';
import { productActivities } from '../support/product-activities.js';
import { createWorld, standard, type World, type WorldOptions } from '../support/saga-world.js';
import { quarantined } from '../support/shop-sums.js';

type Build = typeof productActivities;

/** What takes version 2 of OrderCompletedNotificationSentEvent away again: the workers of the release before. */
const versionOne = [
  {
    file: 'schemas/catalogue.ts',
    find: 'OrderCompletedNotificationSentEvent: {\n    version: 2,',
    replace: 'OrderCompletedNotificationSentEvent: {\n    version: 1,',
  },
  {
    file: 'activities/notification-rules.ts',
    find: 'uncertain: false, attempts: attempts.length',
    replace: 'uncertain: false',
  },
  {
    file: 'activities/notification-rules.ts',
    find: 'uncertain: true, attempts: attempts.length',
    replace: 'uncertain: true',
  },
];

let built: Built;
let oldWorkers: Build;
beforeAll(async () => {
  built = await buildPatched('tests/support/product-activities.ts', versionOne);
  ({ productActivities: oldWorkers } = (await import(built.file)) as { productActivities: Build });
});
afterAll(() => built.remove());

async function inWorld(builds: WorldOptions['builds'] & object, work: (world: World) => Promise<void>) {
  const world = await createWorld(standard, { builds });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

interface Told {
  readonly version: number;
  readonly attempts?: number;
}

async function complete(world: World, orderId?: OrderId): Promise<Told> {
  orderId ??= await world.place();
  for (const service of services) await world.finished(service, orderId);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', told: true });
  expect(await quarantined(world.db.owner, orderId)).toEqual([]);
  const { rows } = await world.db.owner.query<{ payload: Told }>(
    `select payload from journal.events where order_id = $1 and type = 'OrderCompletedNotificationSentEvent'`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error('nobody was told');
  return row.payload;
}

describe('a version that only some workers know', () => {
  test('a new Notification tells an old Order by version 2', async () => {
    const mixed: Build = (ports) => ({ ...productActivities(ports), order: oldWorkers(ports).order });
    await inWorld([mixed], async (world) => {
      expect(await complete(world)).toMatchObject({ version: 2, attempts: 1 });
    });
  });

  test('an old Notification tells a new Order by version 1', async () => {
    const mixed: Build = (ports) => ({
      ...productActivities(ports),
      notification: oldWorkers(ports).notification,
    });
    await inWorld([mixed], async (world) => {
      const told = await complete(world);
      expect(told.version).toBe(1);
      expect(told).not.toHaveProperty('attempts');
    });
  });

  test('old and new workers share every task queue, and exchange both versions', async () => {
    await inWorld([oldWorkers, productActivities], async (world) => {
      world.sendMail = () => sleep(200);
      const versions = new Set<number>();
      for (let round = 0; round < 4; round++) {
        // More at once would wait for one another's lock on the product, perhaps for longer than a statement may take.
        const orders = await Promise.all([world.place(), world.place(), world.place()]);
        for (const orderId of orders) versions.add((await complete(world, orderId)).version);
      }
      expect([...versions].sort()).toEqual([1, 2]);
    });
  });
});
