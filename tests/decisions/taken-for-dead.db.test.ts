import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInventoryEffects } from '../../activities/inventory.js';
import { createPaymentEffects } from '../../activities/payment.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { paymentStore } from '../../db/payment/payments.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';
import { lockIsWaitedFor } from '../support/lock-is-waited-for.js';
import { pausing } from '../support/pausing.js';
import { shopSums } from '../support/shop-sums.js';
import { createScene, ordered, piecesOrdered, type Scene } from './scene.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

/** The step of a worker that is taken for dead, and the second look of the one that takes over. */
interface Contest {
  /** Calls `inTheMiddle` within its transaction, once the row is locked and before the money or the stock moves. */
  readonly oldStep: (inTheMiddle?: () => Promise<unknown>) => Promise<{ row: { status: string } }>;
  readonly secondLook: () => Promise<{ row: { status: string } }>;
}

async function charge(scene: Scene): Promise<Contest> {
  const order = await scene.publish('OrderCreatedEvent');
  const effectsOn = (pause?: () => Promise<unknown>) =>
    createPaymentEffects(pausing(paymentStore(db.pools.payment), 'perform', pause), {
      reservationWait: 180_000,
    });
  // The row is there, so that it is its lock that others wait for.
  await effectsOn().confirm(scene.context(), await scene.publish('InventoryReservedEvent'));
  return {
    oldStep: (pause) => effectsOn(pause).charge(scene.context(), order),
    secondLook: () => effectsOn().void(scene.context(), order),
  };
}

async function reserve(scene: Scene): Promise<Contest> {
  const payment = await scene.publish('PaymentCompletedEvent');
  const effectsOn = (pause?: () => Promise<unknown>) =>
    createInventoryEffects(pausing(inventoryStore(db.pools.inventory), 'perform', pause));
  return {
    oldStep: (pause) => effectsOn(pause).reserve(scene.context(), payment),
    secondLook: () => effectsOn().void(scene.context(), payment),
  };
}

const contests = [
  ['a charge', charge, 'CHARGED', 'VOID'],
  ['a reservation', reserve, 'RESERVED', 'RELEASED'],
] as const;

describe.each(contests)('%s whose worker is taken for dead', (_, prepare, done, undone) => {
  const moved = async (before: Awaited<ReturnType<typeof shopSums>>) => {
    const after = await shopSums(db.owner);
    expect(after.ledgersAgree).toBe(true);
    const taken = Object.entries(before.available)
      .map(([sku, pieces]) => [sku, pieces - Number(after.available[sku])] as const)
      .filter(([, pieces]) => pieces !== 0);
    return {
      won: Number(before.balance['alice']) - Number(after.balance['alice']),
      pieces: Object.fromEntries(taken),
    };
  };
  const once =
    done === 'CHARGED' ? { won: ordered.total.amount, pieces: {} } : { won: 0, pieces: piecesOrdered };
  const never = { won: 0, pieces: {} };

  test('in the middle of it: the second look waits for the lock, and goes on with what it finds', async () => {
    const before = await shopSums(db.owner);
    const { oldStep, secondLook } = await prepare(createScene(db));
    let look: ReturnType<typeof secondLook> | undefined;
    const old = await oldStep(async () => {
      look = secondLook();
      await lockIsWaitedFor(db.owner);
    });
    expect([old.row.status, (await look)?.row.status]).toEqual([done, done]);
    expect(await moved(before)).toEqual(once);
  });

  test('before it: the second look makes it undone, and the old worker loses to that', async () => {
    const before = await shopSums(db.owner);
    const { oldStep, secondLook } = await prepare(createScene(db));
    expect((await secondLook()).row.status).toBe(undone);
    expect((await oldStep()).row.status).toBe(undone);
    expect(await moved(before)).toEqual(never);
  });

  test('and stands still in the middle: PostgreSQL ends its transaction, and the second look wins', async () => {
    const before = await shopSums(db.owner);
    const { oldStep, secondLook } = await prepare(createScene(db));
    let isHeld = () => undefined as void;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    const old = oldStep(async () => {
      isHeld();
      await sleep(5_000);
    });
    await held;
    await expect(Promise.all([old, untilItWorks(secondLook)])).rejects.toThrow();
    expect((await secondLook()).row.status).toBe(undone);
    expect(await moved(before)).toEqual(never);
  });

  test('while another worker does the same: it happens once', async () => {
    const before = await shopSums(db.owner);
    const { oldStep } = await prepare(createScene(db));
    let other: ReturnType<typeof oldStep> | undefined;
    const old = await oldStep(async () => {
      other ??= oldStep();
      await lockIsWaitedFor(db.owner);
    });
    expect([old.row.status, (await other)?.row.status]).toEqual([done, done]);
    expect(await moved(before)).toEqual(once);
  });
});

/** As `ensure` does: again and again until it holds. */
async function untilItWorks<T>(attempt: () => Promise<T>): Promise<T> {
  for (let triesLeft = 10; ; triesLeft--) {
    try {
      return await attempt();
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(500);
    }
  }
}
