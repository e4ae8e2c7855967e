import type { PayloadCodec } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Sweep } from '../../core/sweep/sweep.js';
import { listAttention } from '../../db/operator/attention-view.js';
import type { StuckWork } from '../../db/operator/stuck-work.js';
import { findOrderView } from '../../db/order/order-view.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Service } from '../../schemas/services.js';
import { createWorld, type World } from '../support/saga-world.js';
import { WorkerDied } from '../support/set-back.js';
import { sweepsOf } from '../support/sweeps.js';
import { until } from '../support/until.js';

/** While set, no worker can read a payload that holds this text: each workflow task with it fails. */
let unreadable: string | undefined;
const codec: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) => {
    const isUnreadable = payloads.some(
      ({ data }) => unreadable !== undefined && Buffer.from(data ?? []).includes(unreadable),
    );
    return isUnreadable ? Promise.reject(new WorkerDied()) : Promise.resolve(payloads);
  },
};

let world: World;
let sweeps: Readonly<Record<Service, Sweep>>;
beforeAll(async () => {
  world = await createWorld(undefined, { payloadCodecs: [codec] });
  // No grace: what is found at one sweep is stuck at the next.
  sweeps = await sweepsOf(world, { graceMs: 0, stuckAfterMs: 0, batch: 100 });
});
afterEach(repair);
afterAll(() => world.close());

function repair(): void {
  unreadable = undefined;
  world.overrides.clear();
  world.deliver = (next) => next;
}

const fail = () => () => Promise.reject(new Error('it fails for ever'));

/** What the list of attention says of the order, as an operator reads it; undefined where it is not stuck. */
async function stuckWork(orderId: OrderId): Promise<readonly StuckWork[] | undefined> {
  const entries = await listAttention(world.db.pools.operator, { limit: 100 });
  return entries.find((entry) => entry.orderId === orderId && entry.code === 'STUCK')?.stuck;
}

const attentionOf = async (orderId: OrderId) =>
  (await findOrderView(world.db.pools.order, orderId))?.attention ?? [];

/** The service sweeps until the order is stuck, and once more, so that it has been woken in vain. */
async function becomesStuck(service: Service, orderId: OrderId): Promise<readonly StuckWork[]> {
  await until(async () => {
    await sweeps[service].run();
    return ((await stuckWork(orderId))?.[0]?.woken ?? 0) > 1;
  });
  expect(await attentionOf(orderId)).toMatchObject([{ code: 'STUCK', clearedAt: null }]);
  return (await stuckWork(orderId)) ?? [];
}

/** Once the cause is repaired, the order goes on by itself, and the sweep sees that nothing is left to do. */
async function comesToRest(service: Service, orderId: OrderId, status: string): Promise<void> {
  repair();
  await until(async () => {
    await world.env.sleep('10s');
    await sweeps[service].run();
    return (await stuckWork(orderId)) === undefined;
  });
  expect(await attentionOf(orderId)).toMatchObject([
    { code: 'STUCK', clearedAt: expect.any(Number) as number },
  ]);
  await until(async () => (await world.order(orderId)).status === status);
}

test('an effect that fails for ever calls a person, and no longer once it works', async () => {
  let voids = 0;
  const failToVoid = () => () => {
    voids++;
    return Promise.reject(new Error('it fails for ever'));
  };
  world.overrides.set('payment.charge', fail).set('payment.void', failToVoid);
  const orderId = await world.place();
  await until(() => Promise.resolve(voids > 0));
  expect(await becomesStuck('payment', orderId)).toMatchObject([{ service: 'payment', why: 'UNHANDLED' }]);
  await comesToRest('payment', orderId, 'PAYMENT_FAILED');
});

test('an event that cannot be delivered calls a person, and no longer once it can', async () => {
  world.deliver = () => fail();
  const orderId = await world.place();
  expect(await becomesStuck('order', orderId)).toMatchObject([{ service: 'order', why: 'UNDELIVERED' }]);
  await comesToRest('order', orderId, 'COMPLETED');
});

test('a workflow task that fails for ever calls a person, and no longer once it succeeds', async () => {
  unreadable = '"answerBy"';
  const orderId = await world.place();
  expect(await becomesStuck('payment', orderId)).toMatchObject([{ service: 'payment', why: 'UNHANDLED' }]);
  await comesToRest('payment', orderId, 'COMPLETED');
});
