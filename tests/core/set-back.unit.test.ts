import { expect, test } from 'vitest';
import { IdempotentConsumer } from '../../core/activity/consumer.js';
import { change, NO_EFFECT } from '../../core/activity/decision.js';
import type { EffectContext } from '../../core/activity/effect.js';
import { createPublish } from '../../core/activity/outbox.js';
import { SchemaRegistry } from '../../core/avro/schema-registry.js';
import type { CorrelationId, EpochMillis, EventId, SagaId } from '../../core/event.js';
import { emptyState, SimulatedDatabase } from '../../core/simulation/database.js';
import { postParcel, type Parcel } from '../../examples/hello-choreography/activities.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';

// What a participant and its activities still do when PostgreSQL was restored from a backup behind their backs.

const sagaId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0001' as SagaId;
const correlationId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0002' as CorrelationId;
const contract = {
  choreography,
  schemas: new SchemaRegistry(
    choreography,
    new URL('../../examples/hello-choreography/avro/', import.meta.url),
  ),
};
const context: EffectContext = { sagaId, runId: 'a run', now: 0 as EpochMillis, seen: 1, malformed: [] };

function openLocker() {
  const database = new SimulatedDatabase(
    choreography,
    emptyState,
    () => undefined,
    () => 1_750_000_000_123 as EpochMillis,
  );
  const store = database.store<Parcel>('locker', () => Promise.resolve('COMMITS'));
  return { database, consumer: new IdempotentConsumer(contract, store, (row) => row?.status ?? 'NOTHING') };
}

test('an event that the journal no longer holds is delivered to nobody, and its publishing ends', async () => {
  const { database } = openLocker();
  const delivered: string[] = [];
  const publish = createPublish(
    choreography,
    {
      find: (eventId) => Promise.resolve(database.find(eventId)),
      markDelivered: (eventId, subscribers) => Promise.resolve(database.markDelivered(eventId, subscribers)),
    },
    (subscriber) => Promise.resolve(void delivered.push(subscriber)),
  );
  await publish('2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0009' as EventId);
  expect(delivered).toEqual([]);
  expect(database.stored).toEqual(emptyState);
});

test('a step without effect can be taken once more, and then has one', async () => {
  const { consumer } = openLocker();
  const open = () =>
    consumer.apply(context, {
      key: 'open',
      decide: ({ status }) => (status === 'STORED' ? change({ status: 'DELIVERED' }) : NO_EFFECT),
    });
  expect(await open()).toMatchObject({ row: 'NOTHING' });
  await consumer.apply(context, { key: 'store', decide: () => change({ status: 'STORED' }) });
  expect(await open()).toMatchObject({ row: 'DELIVERED' });
});

test('an event without effect leaves a trace all the same, and is not applied once more', async () => {
  const { database, consumer } = openLocker();
  const courier = database.store<Parcel>('courier', () => Promise.resolve('COMMITS'));
  await postParcel(courier, sagaId, 30, { eventId: null, correlationId });
  const [posted] = [...database.stored.journal.values()].map(({ event }) => event);
  if (!posted) throw new Error('nothing was posted');
  await consumer.consume(context, posted, () => NO_EFFECT);
  expect([...database.stored.inbox.keys()]).toEqual([`locker ${posted.payload.eventId}`]);
  expect(await consumer.consume(context, posted, () => change({ status: 'STORED' }))).toMatchObject({
    row: 'NOTHING',
  });
});
