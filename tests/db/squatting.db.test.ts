import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPaymentEffects } from '../../activities/payment.js';
import { roleOf } from '../../core/choreography.js';
import { eventIdOf } from '../../core/event-id.js';
import type { EventId } from '../../core/event.js';
import { findEvent } from '../../core/postgres/journal.js';
import type { Pool } from '../../core/postgres/pool.js';
import { paymentStore } from '../../db/payment/payments.js';
import { catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import type { OrderId } from '../../schemas/ids.js';
import { services, type LoginName } from '../../schemas/services.js';
import { createScene } from '../decisions/scene.js';
import { createTestDatabase, seedShop, type TestDatabase } from '../support/database.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedShop(db.owner);
});
afterAll(() => db.close());

const REFUSED = { code: '42501' };

interface Squatted {
  readonly orderId: OrderId;
  readonly type: EventType;
  readonly causationId: EventId | null;
  readonly eventId?: EventId;
  readonly payload?: string;
  readonly version?: number;
  readonly occurredAt?: string;
}

const insert = `insert into journal.events
  (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload)`;

/** Takes the key of an event before its publisher does. */
const squat = (pool: Pool, { orderId, type, causationId, ...more }: Squatted) =>
  pool.query(`${insert} values ($1, $2, $3, $4, $2, $5, $6, $7)`, [
    more.eventId ?? eventIdOf(orderId, type, causationId),
    orderId,
    type,
    more.version ?? 1,
    causationId,
    more.occurredAt ?? '2026-01-01T00:00:00Z',
    more.payload ?? '{}',
  ]);

const anOrder = () => ({ orderId: randomUUID() as OrderId, causationId: randomUUID() as EventId });
const logins: readonly LoginName[] = [...services, 'operator', 'observer'];
const publishers = eventTypes.flatMap((type) => logins.map((login) => [login, type] as const));

test.each(publishers)('%s and %s: the catalogue says whether it may append it', async (login, type) => {
  const appended = squat(db.pools[login], { ...anOrder(), type });
  if (catalogue[type].publisher === login) expect((await appended).rowCount).toBe(1);
  else await expect(appended).rejects.toMatchObject(REFUSED);
});

test.each(services)('%s cannot append a type that nobody publishes', async (service) => {
  const appended = squat(db.pools[service], { ...anOrder(), type: 'OrderLostEvent' as EventType });
  await expect(appended).rejects.toMatchObject(REFUSED);
});

test.each(eventTypes)('the id of a %s cannot be taken by an event of another type', async (taken) => {
  for (const type of eventTypes.filter((other) => other !== taken)) {
    const { orderId, causationId } = anOrder();
    const eventId = eventIdOf(orderId, taken, causationId);
    const { publisher } = catalogue[type];
    await expect(squat(db.pools[publisher], { orderId, type, causationId, eventId })).rejects.toMatchObject(
      REFUSED,
    );
  }
});

test.each([
  ['a payload that is no object', { payload: '[]' }],
  ['no payload', { payload: 'null' }],
  ['a payload nested too deeply', { payload: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` }],
  ['version 0', { version: 0 }],
  ['no end of time', { occurredAt: 'infinity' }],
  ['a year that ISO 8601 cannot write', { occurredAt: '12026-01-01T00:00:00Z' }],
  ['a time before there were any', { occurredAt: '0044-03-15T00:00:00Z BC' }],
])('an event with %s is refused', async (_, odd) => {
  const event = { ...anOrder(), type: 'PaymentFailedEvent' as const };
  await expect(squat(db.pools.payment, { ...event, ...odd })).rejects.toMatchObject(REFUSED);
});

test('the id in SQL is the id in code', async () => {
  for (const type of eventTypes)
    for (const causationId of [null, randomUUID() as EventId]) {
      const orderId = randomUUID() as OrderId;
      const { rows } = await db.pools.order.query(`select journal.event_id_of($1, $2, $3) as id`, [
        orderId,
        type,
        causationId,
      ]);
      expect(rows).toEqual([{ id: eventIdOf(orderId, type, causationId) }]);
    }
});

test('who publishes what is the catalogue’s to say: everybody reads it, and nobody writes it', async () => {
  const expected = eventTypes.map((type) => ({ type, published_by: roleOf(catalogue[type].publisher) }));
  for (const login of logins) {
    const { rows } = await db.pools[login].query(`select type, published_by from journal.publishers`);
    expect(new Set(rows)).toEqual(new Set(expected));
    for (const statement of [
      `insert into journal.publishers values ('OrderLostEvent', '${roleOf(login)}')`,
      `update journal.publishers set published_by = '${roleOf(login)}'`,
      `delete from journal.publishers`,
      `truncate journal.publishers`,
    ])
      await expect(db.pools[login].query(statement)).rejects.toMatchObject(REFUSED);
  }
});

/** What no service can write any more, and a journal of before may hold: the key of an event, taken by another role. */
async function takeKey(orderId: OrderId, type: EventType, causationId: EventId): Promise<void> {
  for (const role of services.map(roleOf).filter((name) => name !== roleOf(catalogue[type].publisher)))
    await db.owner.query(
      `insert into journal.events
         (event_id, order_id, type, version, correlation_id, causation_id, occurred_at, payload, published_by)
       values ($1, $2, $3, 1, $2, $4, now(), '{}', $5)`,
      [eventIdOf(orderId, type, causationId), orderId, type, causationId, role],
    );
}

describe('a key that is taken blocks nobody', () => {
  const effects = () => createPaymentEffects(paymentStore(db.pools.payment), { reservationWait: 180_000 });

  test('a charge, and a refund of it', async () => {
    const scene = createScene(db);
    const created = await scene.publish('OrderCreatedEvent');
    await takeKey(scene.orderId, 'PaymentCompletedEvent', created.payload.eventId);
    expect((await effects().charge(scene.context(), created)).row).toMatchObject({ status: 'CHARGED' });
    const failed = await scene.publish('InventoryReservationFailedEvent');
    await takeKey(scene.orderId, 'PaymentCancelledEvent', failed.payload.eventId);
    const { row, unpublished } = await effects().refund(scene.context(), failed);
    expect(row).toMatchObject({ status: 'REFUNDED' });
    expect(unpublished.map(({ type }) => type)).toEqual(['PaymentCompletedEvent', 'PaymentCancelledEvent']);
  });

  test('a charge that is made void', async () => {
    const scene = createScene(db);
    const created = await scene.publish('OrderCreatedEvent');
    await takeKey(scene.orderId, 'PaymentFailedEvent', created.payload.eventId);
    expect((await effects().void(scene.context(), created)).row).toMatchObject({ status: 'VOID' });
  });

  test('what is received is the event of its publisher', async () => {
    const scene = createScene(db);
    const causationId = randomUUID() as EventId;
    const eventId = eventIdOf(scene.orderId, 'OrderCreatedEvent', causationId);
    await takeKey(scene.orderId, 'OrderCreatedEvent', causationId);
    const created = await scene.publish('OrderCreatedEvent', { causationId, eventId });
    expect((await effects().charge(scene.context(), created)).row).toMatchObject({ status: 'CHARGED' });
    for (const service of services)
      expect(await findEvent(db.pools[service], eventId, roleOf('order'))).toMatchObject({
        publishedBy: 'order_service',
        event: created,
      });
  });
});
