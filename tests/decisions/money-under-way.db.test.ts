import { randomUUID } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPaymentEffects } from '../../activities/payment.js';
import type { EffectResult } from '../../core/activity/effect.js';
import { paymentStore } from '../../db/payment/payments.js';
import { deposit, findWallet } from '../../db/payment/wallets.js';
import type { Currency, CustomerId, MinorUnits } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { shopSums } from '../support/shop-sums.js';
import { createScene, type Scene } from './scene.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const FULL = limits.balance.max;
const krw = (amount: number) => ({ amount: amount as MinorUnits, currency: 'KRW' as Currency });

/** Puts an amount into a customer's wallet; says what came of it. */
const put = async (customer: string, amount: number) => {
  const { outcome } = await deposit(db.pools.payment, {
    customerId: customer as CustomerId,
    amount: krw(amount),
    idempotencyKey: randomUUID(),
    requestDigest: '',
  });
  return outcome;
};

const balanceOf = async (customer: string) =>
  (await findWallet(db.pools.payment, customer as CustomerId))?.balance.amount;

interface Paying {
  readonly charge: (total: number) => Promise<string>;
  readonly confirm: () => Promise<string>;
  readonly refund: () => Promise<string>;
  readonly cancel: () => Promise<string>;
}

/** One order of the customer, as Payment lives through it. */
function paying(customer: string, scene: Scene = createScene(db)): Paying {
  const effects = createPaymentEffects(paymentStore(db.pools.payment), { reservationWait: 180_000 });
  const statusAfter = ({ row }: EffectResult<{ readonly status: string }>) => row.status;
  return {
    charge: async (total) => {
      const order = await scene.publish('OrderCreatedEvent', { customerId: customer, total: krw(total) });
      return statusAfter(await effects.charge(scene.context(), order));
    },
    confirm: async () =>
      statusAfter(await effects.confirm(scene.context(), await scene.publish('InventoryReservedEvent'))),
    refund: async () => {
      const failure = await scene.publish('InventoryReservationFailedEvent');
      return statusAfter(await effects.refund(scene.context(), failure));
    },
    cancel: async () =>
      statusAfter(await effects.refund(scene.context(), await scene.publish('OrderCancelledEvent'))),
  };
}

test('a full wallet that was charged takes no deposit, so that the refund finds its room', async () => {
  expect(await put('ann', FULL)).toBe('DEPOSITED');
  expect(await put('ann', 1)).toBe('BALANCE_TOO_LARGE');
  const order = paying('ann');
  expect(await order.charge(25_000)).toBe('CHARGED');
  expect(await put('ann', 1)).toBe('BALANCE_TOO_LARGE');
  expect(await order.refund()).toBe('REFUNDED');
  expect(await balanceOf('ann')).toBe(FULL);
});

test('a confirmed charge can still be refunded, and keeps its room too', async () => {
  await put('bea', FULL);
  const order = paying('bea');
  await order.charge(FULL);
  expect([await balanceOf('bea'), await order.confirm()]).toEqual([0, 'CONFIRMED']);
  expect(await put('bea', 1)).toBe('BALANCE_TOO_LARGE');
  expect([await order.cancel(), await balanceOf('bea')]).toEqual(['REFUNDED', FULL]);
});

test('beside a charge a wallet takes what is left of its limit, to the last unit', async () => {
  await put('cid', 1_000);
  await paying('cid').charge(400);
  expect(await put('cid', FULL - 1_000 + 1)).toBe('BALANCE_TOO_LARGE');
  expect(await put('cid', FULL - 1_000)).toBe('DEPOSITED');
  expect(await balanceOf('cid')).toBe(FULL - 400);
});

test('a refund holds although a worker of before a rollout charged without counting it', async () => {
  await put('dan', 1_000);
  const order = paying('dan');
  await order.charge(600);
  await db.owner.query(`update payment.wallets set charged = 0 where customer_id = 'dan'`);
  expect([await order.refund(), await balanceOf('dan')]).toEqual(['REFUNDED', 1_000]);
  await db.owner.query(`delete from payment.wallet_ledger where customer_id = 'dan'`);
  await db.owner.query(`delete from payment.wallets where customer_id = 'dan'`);
});

test.each([1, 2, 3])('whatever happens near the limit, a refund fits (seed %i)', async (seed) => {
  const random = xoroshiro128plus(seed);
  const pick = (from: number, to: number) => uniformInt(random, from, to);
  const customer = `random-${seed}`;
  let [balance, charged] = [FULL - 500, 0];
  await put(customer, balance);
  const open: { readonly order: Paying; readonly total: number }[] = [];
  for (let step = 0; step < 60; step++) {
    const amount = pick(1, 400);
    const act = pick(0, 3);
    if (act === 0) {
      const fits = balance + charged + amount <= FULL;
      expect(await put(customer, amount)).toBe(fits ? 'DEPOSITED' : 'BALANCE_TOO_LARGE');
      if (fits) balance += amount;
    } else if (act === 1 || open.length === 0) {
      const order = paying(customer);
      expect(await order.charge(amount)).toBe('CHARGED');
      [balance, charged] = [balance - amount, charged + amount];
      open.push({ order, total: amount });
    } else {
      const [taken] = open.splice(pick(0, open.length - 1), 1);
      if (!taken) continue;
      if (act === 2) await taken.order.confirm();
      expect(await (act === 2 ? taken.order.cancel() : taken.order.refund())).toBe('REFUNDED');
      [balance, charged] = [balance + taken.total, charged - taken.total];
    }
    expect(await balanceOf(customer)).toBe(balance);
  }
  expect(await shopSums(db.owner)).toMatchObject({ ledgersAgree: true });
});

test('deposits and charges at once never fill the room of a refund', async () => {
  await put('eve', FULL);
  const orders = Array.from({ length: 8 }, () => paying('eve'));
  const outcomes = await Promise.all(
    orders.flatMap((order) => [order.charge(1_000), put('eve', 500), put('eve', 1)]),
  );
  expect(outcomes.filter((outcome) => outcome === 'CHARGED')).toHaveLength(8);
  expect(outcomes).not.toContain('DEPOSITED');
  expect(await Promise.all(orders.map((order) => order.refund()))).toEqual(Array(8).fill('REFUNDED'));
  expect(await balanceOf('eve')).toBe(FULL);
});
