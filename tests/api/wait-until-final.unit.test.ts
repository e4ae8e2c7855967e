import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { placeAndWait, type FinalWait } from '../../api/order/wait-until-final.js';
import type { Pool } from '../../core/postgres/pool.js';
import { WakeUp } from '../../db/feed/wake-up.js';
import type { FinalOrders } from '../../db/order/final-orders.js';
import type { OrderView } from '../../db/order/order-view.js';
import type { Logger } from '../../platform/logger.js';
import type { OrderId } from '../../schemas/ids.js';
import type { OrderStatus } from '../../schemas/order-status.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const orderId = randomUUID() as OrderId;
const orderIn = (status: OrderStatus) => ({ orderId, status }) as OrderView;

/** Somebody waits for 32 s for an order that the database holds; `questions` counts how often that is asked. */
function waiting({
  isListening = true,
  placed = 'PENDING_PAYMENT',
}: { readonly isListening?: boolean; readonly placed?: OrderStatus } = {}) {
  const wakeUp = new WakeUp();
  const stop = new AbortController();
  const world = {
    ...{ questions: 0, listens: 0, warnings: [] as unknown[] },
    stored: placed as OrderStatus | Error | undefined,
  };
  const query = () => {
    world.questions++;
    if (world.stored instanceof Error) return Promise.reject(world.stored);
    return Promise.resolve({
      rows: world.stored ? [{ order_id: orderId, status: world.stored, attention: [] }] : [],
    });
  };
  const finalOrders = {
    isListening,
    listen: () => world.listens++,
    expect: (_: OrderId, work: (wakeUp: WakeUp) => unknown) => work(wakeUp),
  };
  const wait: FinalWait = {
    pool: { query } as unknown as Pool,
    finalOrders: finalOrders as unknown as FinalOrders,
    until: Date.now() + 32_000,
    signal: stop.signal,
    log: { warn: (...said: unknown[]) => world.warnings.push(said) } as unknown as Logger,
  };
  const accepted = { order: orderIn(placed), isReplay: false };
  let status: OrderStatus | undefined;
  void placeAndWait(wait, orderId, () => Promise.resolve(accepted)).then(
    ({ order }) => (status = order.status),
  );
  return { world, wakeUp, stop, answer: () => status };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('an order that is final is answered at once, and nobody asks for it', async () => {
  const { world, answer } = waiting({ placed: 'PAYMENT_FAILED' });
  await pass(0);
  expect([answer(), world.questions, world.listens]).toEqual(['PAYMENT_FAILED', 0, 0]);
});

test('who is told looks then, and now and then in between, in case the connection has died', async () => {
  const { world, wakeUp, answer } = waiting();
  await pass(4_999);
  expect(world.questions).toBe(0);
  await pass(1);
  expect([world.questions, answer()]).toEqual([1, undefined]);
  world.stored = 'COMPLETED';
  wakeUp.signal();
  await pass(0);
  expect([world.questions, answer()]).toEqual([2, 'COMPLETED']);
});

test('who cannot be told looks four times a second, and tries to listen each time', async () => {
  const { world, answer } = waiting({ isListening: false });
  await pass(1_000);
  expect([world.questions, world.listens, answer()]).toEqual([4, 5, undefined]);
  world.stored = 'OUT_OF_STOCK';
  await pass(250);
  expect(answer()).toBe('OUT_OF_STOCK');
});

test('once the time is up the order is answered as it then is, after a last look', async () => {
  const { world, answer } = waiting();
  await pass(31_999);
  world.stored = 'PAYMENT_COMPLETED';
  expect(answer()).toBeUndefined();
  await pass(1);
  expect([answer(), world.questions]).toEqual(['PAYMENT_COMPLETED', 7]);
});

test('who leaves ends the wait', async () => {
  const { stop, answer } = waiting();
  await pass(1_000);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  stop.abort();
  await pass(0);
  expect(answer()).toBe('PENDING_PAYMENT');
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

test('a look that fails ends the wait, and is logged: the order was placed', async () => {
  const { world, answer } = waiting();
  const err = new Error('the database is away');
  world.stored = err;
  await pass(5_000);
  expect(answer()).toBe('PENDING_PAYMENT');
  expect(world.warnings).toEqual([[{ err, orderId }, 'cannot follow an order that was placed']]);
});

test('an order that a look does not find stays as it was placed', async () => {
  const { world, answer } = waiting();
  world.stored = undefined;
  await pass(32_000);
  expect(answer()).toBe('PENDING_PAYMENT');
});
