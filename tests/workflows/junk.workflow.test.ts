import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OrderId } from '../../schemas/ids.js';
import { services, type Service } from '../../schemas/services.js';
import { workflowIdOf } from '../../core/choreography.js';
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

/** Bytes that no payload converter can read as the JSON that they claim to be. */
const brokenBytes = (service: Service) => (orderId: OrderId) =>
  world.env.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: workflowIdOf(service, orderId) },
    signalName: 'InventoryReservedEvent',
    input: {
      payloads: [
        { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from([0xff, 0x7b, 0x00]) },
      ],
    },
  });

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
  ['bytes that are not JSON', 'payment UNDECODABLE', brokenBytes('payment')],
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
