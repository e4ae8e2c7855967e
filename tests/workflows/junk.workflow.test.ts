import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { services, type Service } from '../../schemas/services.js';
import { workflowIdOf } from '../../core/choreography.js';
import { createGate } from '../support/gate.js';
import { poison, poisons } from '../support/poison.js';
import { createWorld, type World } from '../support/saga-world.js';
import { quarantined, shopSums } from '../support/shop-sums.js';

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(() => world.close());
beforeEach(() => {
  world.deliver = (next) => next;
  world.overrides.clear();
});

/** Sends something to a participant just before it gets its first real event to work on. */
const before = (service: Service, activity: string, send: (orderId: OrderId) => Promise<unknown>) => {
  let sent = false;
  world.overrides.set(`${service}.${activity}`, (real) => async (...args) => {
    const [context] = args as unknown as [{ sagaId: OrderId }];
    if (!sent) {
      sent = true;
      await send(context.sagaId);
    }
    return real(...args);
  });
};

const signal =
  (service: Service, name: string, ...args: unknown[]) =>
  (orderId: OrderId) =>
    world.handle(service, orderId).signal(name, ...args);

const forged = (orderId: OrderId) => ({
  eventId: randomUUID(),
  version: 1,
  orderId,
  correlationId: randomUUID(),
  causationId: randomUUID(),
  occurredAt: Date.now(),
  reason: 'OUT_OF_STOCK',
});

const cases: readonly [string, string, (orderId: OrderId) => Promise<unknown>][] = [
  ['a signal that is no event', 'payment UNKNOWN_EVENT', signal('payment', 'toString', { any: 'thing' })],
  [
    'an event that is no object',
    'payment NOT_ONE_PAYLOAD',
    signal('payment', 'InventoryReservedEvent', 'no'),
  ],
  [
    'an event that breaks its schema',
    'payment SCHEMA',
    signal('payment', 'InventoryReservedEvent', { version: 1 }),
  ],
  [
    'an event that the journal does not know',
    'payment NOT_IN_JOURNAL',
    (orderId) => signal('payment', 'InventoryReservationFailedEvent', forged(orderId))(orderId),
  ],
  [
    'an event of another order',
    'payment OTHER_SAGA',
    (orderId) =>
      signal('payment', 'InventoryReservationFailedEvent', forged(randomUUID() as OrderId))(orderId),
  ],
];

test.each(cases)('%s is quarantined as "%s", and the saga completes', async (_, expected, send) => {
  before('payment', 'charge', send);
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  expect(await quarantined(world.db.owner, orderId)).toEqual([expected]);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [] });
});

// All poisons are in ways-in.workflow.test.ts, while the participant waits; here they come in the middle of an effect.
test.each([
  'a signal whose name the SDK keeps for itself',
  'an event nested 20,000 levels deep',
  'bytes that are not JSON',
] as const)('%s is quarantined, and the saga completes', async (name) => {
  before('payment', 'charge', (orderId) => poison(world.env.client, workflowIdOf('payment', orderId), name));
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  expect(await quarantined(world.db.owner, orderId)).toEqual([`payment ${poisons[name].reason}`]);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [] });
});

/** The effect fails until Temporal runs it as an activity of its own, which somebody then ends by its id. */
async function endByHand(
  end: (activity: { workflowId: string; activityId: string }) => Promise<void>,
): Promise<{ readonly orderId: OrderId; readonly runs: () => number }> {
  const [begun, mayEnd] = [createGate(), createGate()];
  let runs = 0;
  world.overrides.set('payment.confirm', (real) => async (...args) => {
    if (activityInfo().isLocal) throw new Error('not now');
    if (++runs > 1) return real(...args);
    begun.open();
    await mayEnd.opened;
    throw new Error('nobody waits for this one any more');
  });
  const orderId = await world.place();
  await begun.opened;
  const { raw } = await world.handle('payment', orderId).describe();
  const activityId = raw.pendingActivities?.[0]?.activityId ?? '';
  await end({ workflowId: workflowIdOf('payment', orderId), activityId });
  for (const service of services) await world.finished(service, orderId);
  return { orderId, runs: () => runs };
}

test.each([
  ['completed with null', null],
  ['completed without a row', { unpublished: [] }],
  ['completed with a row that is none', { row: {}, unpublished: [] }],
  ['completed without events', { row: { status: 'CONFIRMED' } }],
  ['completed with events that are none', { row: { status: 'CONFIRMED' }, unpublished: [{ eventId: 'x' }] }],
  ['failed', new Error('by hand')],
])('an effect that is %s by hand runs again', async (_, result) => {
  const { orderId, runs } = await endByHand((activity) =>
    result instanceof Error
      ? world.env.client.activity.fail(activity, result)
      : world.env.client.activity.complete(activity, result),
  );
  expect(runs()).toBe(2);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED', attention: [] });
});

test('an effect that is completed by hand with an event of nobody publishes nothing', async () => {
  const unpublished = [{ eventId: randomUUID(), type: 'PaymentCancelledEvent' }];
  const { orderId, runs } = await endByHand((activity) =>
    world.env.client.activity.complete(activity, { row: { status: 'CONFIRMED' }, unpublished }),
  );
  expect(runs()).toBe(1);
  expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
});

/** Resends a journaled event to a participant that it may not be for, or with other content. */
async function resend(service: Service, orderId: OrderId, type: string, change: object = {}): Promise<void> {
  const { rows } = await world.db.owner.query<{ payload: object }>(
    `select payload from journal.events where order_id = $1 and type = $2`,
    [orderId, type],
  );
  await world.env.client.workflow.signalWithStart(service, {
    workflowId: workflowIdOf(service, orderId),
    taskQueue: service,
    args: [orderId],
    signal: type,
    signalArgs: [{ ...rows[0]?.payload, ...change }],
  });
}

test('late events to closed participants: repeats change nothing, others are quarantined', async () => {
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  const sums = await shopSums(world.db.owner);
  await resend('payment', orderId, 'OrderCreatedEvent');
  await world.finished('payment', orderId);
  await resend('payment', orderId, 'OrderCreatedEvent', { customerId: 'bob' });
  await world.finished('payment', orderId);
  await resend('inventory', orderId, 'OrderCreatedEvent');
  await world.finished('inventory', orderId);
  expect(await quarantined(world.db.owner, orderId)).toEqual([
    'payment OTHER_CONTENT',
    'inventory NOT_ADDRESSED',
  ]);
  expect(await shopSums(world.db.owner)).toEqual(sums);
  const drops = await world.db.owner.query(
    `select service, why, seen from journal.drops where order_id = $1`,
    [orderId],
  );
  expect(drops.rows).toEqual([{ service: 'payment', why: 'REPEAT', seen: 1 }]);
});

test('an event journaled by the wrong service has no effect', async () => {
  const orderId = await world.place();
  for (const service of services) await world.finished(service, orderId);
  const payload = { ...forged(orderId), reason: 'PAYMENT_TIMEOUT' };
  await world.db.owner.query(
    `insert into journal.events
       (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by)
     values ($1, $2, 'OrderCancelledEvent', 1, $3, $4, now(), $5, 'inventory_service')`,
    [payload.eventId, orderId, payload.correlationId, payload.causationId, JSON.stringify(payload)],
  );
  const sums = await shopSums(world.db.owner);
  await resend('payment', orderId, 'OrderCancelledEvent');
  await world.finished('payment', orderId);
  expect(await quarantined(world.db.owner, orderId)).toEqual(['payment WRONG_PUBLISHER']);
  expect(await shopSums(world.db.owner)).toEqual(sums);
});

const lastSteps = [
  ['payment', 'confirm'],
  ['inventory', 'publish'],
  ['notification', 'publish'],
  ['order', 'complete'],
] as const;

test.each(lastSteps)(
  'a signal that arrives during the last effect of %s (%s) is still handled',
  async (service, activity) => {
    let steps = 0;
    const placed: { orderId?: OrderId } = {};
    world.overrides.set(`${service}.${activity}`, (real) => async (...args) => {
      const result = await real(...args);
      steps++;
      // A re-run of the task must not signal again.
      if (steps === 1 && placed.orderId) await signal(service, 'TooLate', { late: true })(placed.orderId);
      return result;
    });
    const orderId = (placed.orderId = await world.place());
    for (const participant of services) await world.finished(participant, orderId);
    expect(await quarantined(world.db.owner, orderId)).toEqual([`${service} UNKNOWN_EVENT`]);
    expect(await world.order(orderId)).toMatchObject({ status: 'COMPLETED' });
  },
);
