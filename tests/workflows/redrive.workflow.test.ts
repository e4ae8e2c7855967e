import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import { services } from '../../schemas/services.js';
import { workflowIdOf } from '../../core/choreography.js';
import { serve } from '../support/api.js';
import { createWorld, type World } from '../support/saga-world.js';
import { published, quarantined, shopSums } from '../support/shop-sums.js';
import { lostCancellation, type Cancellation } from '../support/lost-cancellation.js';

let world: World;
let api: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  world = await createWorld();
  api = await serve({
    pools: world.db.pools,
    client: world.env.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
  });
});
afterAll(async () => {
  await api.close();
  await world.close();
});

/** A signal that comes before its event is in the journal, as after a journal restored from a backup. */
async function signalTooEarly(payload: Cancellation): Promise<void> {
  await world.env.client.workflow.signalWithStart('payment', {
    workflowId: workflowIdOf('payment', payload.orderId),
    taskQueue: 'payment',
    args: [payload.orderId],
    signal: 'OrderCancelledEvent',
    signalArgs: [payload],
  });
  await world.finished('payment', payload.orderId);
}

test('a redriven cancellation has its full effect, once, however often it is redriven', async () => {
  const before = await shopSums(world.db.owner);
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  const payload = lostCancellation(orderId);
  await signalTooEarly(payload);
  expect(await quarantined(world.db.owner, orderId)).toEqual(['payment NOT_IN_JOURNAL']);
  const list = await api.call('GET', `/quarantine?orderId=${orderId}`);
  const [entry] = (list.body as { quarantine: { links: { redrive: string } }[] }).quarantine;
  const redrive = () =>
    api
      .call('POST', entry?.links.redrive ?? '', { headers: { operator: 'Ann' } })
      .then(({ status }) => status);
  expect(await redrive()).toBe(422);

  await world.db.pools.order.query(
    `insert into journal.events (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)
     values ($1, $2, 'OrderCancelledEvent', 1, $3, $4, now(), $5)`,
    [payload.eventId, orderId, payload.correlationId, payload.causationId, JSON.stringify(payload)],
  );
  const answers = await Promise.all([redrive(), redrive()]);
  expect(answers).toContain(202);
  // Payment first: when it has closed, it has signalled the others.
  for (const service of ['payment', ...services] as const) await world.finished(service, orderId);
  expect(await redrive()).toBe(409);

  expect((await published(world.db.owner, orderId)).slice(-2)).toEqual([
    'OrderCancelledEvent',
    'PaymentCancelledEvent',
  ]);
  expect(await world.order(orderId)).toMatchObject({
    status: 'OUT_OF_STOCK',
    attention: ['CUSTOMER_TOLD_THEN_REFUNDED'],
  });
  expect(await shopSums(world.db.owner)).toEqual(before);
  const { body } = await api.call('GET', '/attention');
  expect(body).toMatchObject({ attention: [{ orderId, code: 'CUSTOMER_TOLD_THEN_REFUNDED' }] });
});
