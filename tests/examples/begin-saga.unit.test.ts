import { expect, test } from 'vitest';
import { beginSaga, type Beginning } from '../../core/activity/begin.js';
import { SchemaRegistry } from '../../core/avro/schema-registry.js';
import type { CorrelationId, EpochMillis, SagaId } from '../../core/event.js';
import { eventIdOf } from '../../core/event-id.js';
import {
  emptyState,
  rowsOf,
  SimulatedDatabase,
  type TransactionFate,
} from '../../core/simulation/database.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';

const sagaId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0001' as SagaId;
const first = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0002' as CorrelationId;
const second = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0003' as CorrelationId;
const schemas = new SchemaRegistry(
  choreography,
  new URL('../../examples/hello-choreography/avro/', import.meta.url),
);
const NOW = 1_750_000_000_123 as EpochMillis;

interface Parcel {
  readonly status: 'NOTHING' | 'POSTED';
  readonly size?: number;
  readonly postedAt?: EpochMillis;
}

function courier(fate: TransactionFate = 'COMMITS') {
  const database = new SimulatedDatabase(
    choreography,
    emptyState,
    () => undefined,
    () => NOW,
  );
  const post = (size: unknown, correlationId = first, ending = fate) =>
    beginSaga(
      { choreography, schemas },
      database.store<Parcel>('courier', () => Promise.resolve(ending)),
      sagaId,
      (now): Beginning<Parcel> => ({
        row: { status: 'POSTED', size: size as number, postedAt: now },
        emit: { type: 'ParcelPostedEvent', data: { size }, cause: { eventId: null, correlationId } },
      }),
    );
  return { database, post };
}

const eventId = eventIdOf(sagaId, 'ParcelPostedEvent', null);
const journaled = (size: number) => [
  [
    eventId,
    {
      event: {
        type: 'ParcelPostedEvent',
        payload: {
          eventId,
          version: 1,
          parcelId: sagaId,
          correlationId: first,
          causationId: null,
          occurredAt: NOW,
          size,
        },
      },
      publishedBy: 'courier_service',
      causeType: null,
      deliveredTo: null,
      recordedAt: NOW,
      deliveredAt: null,
    },
  ],
];

test('a saga begins with its row and its undelivered event, both as of the clock of the database', async () => {
  const { database, post } = courier();
  expect(await post(30)).toEqual({ status: 'POSTED', size: 30, postedAt: NOW });
  expect(rowsOf(database.stored, sagaId)).toEqual({ courier: { status: 'POSTED', size: 30, postedAt: NOW } });
  expect([...database.stored.journal]).toEqual(journaled(30));
});

test('a second beginning changes nothing and returns the row that is there', async () => {
  const { database, post } = courier();
  await post(30);
  expect(await post(80, second)).toEqual({ status: 'POSTED', size: 30, postedAt: NOW });
  expect(rowsOf(database.stored, sagaId)).toEqual({ courier: { status: 'POSTED', size: 30, postedAt: NOW } });
  expect([...database.stored.journal]).toEqual(journaled(30));
});

test('after a lost answer the same call returns what the first one stored', async () => {
  const { database, post } = courier();
  await expect(post(30, first, 'ANSWER_LOST')).rejects.toThrow('the answer was lost');
  expect(await post(80, second)).toEqual({ status: 'POSTED', size: 30, postedAt: NOW });
  expect([...database.stored.journal]).toEqual(journaled(30));
});

test('an event that breaks its schema stores no row either', async () => {
  const { database, post } = courier();
  await expect(post('large')).rejects.toThrow('ParcelPostedEvent breaks its schema');
  expect(database.stored).toEqual(emptyState);
});
