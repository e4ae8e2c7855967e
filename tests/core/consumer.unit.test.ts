import { describe, expect, test } from 'vitest';
import { IdempotentConsumer } from '../../core/activity/consumer.js';
import { change, NO_EFFECT, type Decision } from '../../core/activity/decision.js';
import { MAX_BODY, type EffectContext } from '../../core/activity/effect.js';
import type { EmittedEvent, EpochMillis } from '../../core/event.js';
import { eventIdOf } from '../../core/event-id.js';
import { contract, correlationId, journaledAs, parcelPosted } from './parcel-events.js';
import { recordingStore, type Found, type Parcel } from './recording-store.js';
import { NOW, sagaId } from './scripted-engine.js';

type ParcelDecision = Decision<Parcel, EmittedEvent, string, string>;

const posted = parcelPosted();
const { eventId } = posted.payload;
const journaled = [journaledAs(posted)];
const context: EffectContext = {
  ...{ sagaId, runId: 'this run', now: NOW as EpochMillis, seen: 1, malformed: [] },
};
const stored: EmittedEvent = {
  type: 'ParcelStoredEvent',
  data: {},
  cause: { eventId, correlationId },
};
const view = (row?: Parcel) => ({ status: row?.status ?? 'NOTHING' });

const consumerOn = (found: Found) => {
  const { store, done } = recordingStore(found);
  return { consumer: new IdempotentConsumer(contract, store, view), done };
};

/** One event that is consumed: what was done, and what came of it. */
async function consume(
  decision: ParcelDecision,
  found: Found = {},
  given: Partial<EffectContext> = {},
  event = posted,
) {
  const { consumer, done } = consumerOn({ journaled, ...found });
  const asked: unknown[] = [];
  const result = await consumer.consume({ ...context, ...given }, event, (...args) => {
    asked.push(args);
    return decision;
  });
  return { done, asked, result };
}

const remembered = (outcome: string, key: string = eventId) => [
  'remember',
  { key, sagaId, runId: 'this run', outcome },
];

describe('an event', () => {
  test('that changes the row: saved, remembered, and what it emits is in the journal', async () => {
    const undelivered = [{ eventId: 'an id' as never, type: 'ParcelStoredEvent' }];
    const { done, asked, result } = await consume(change({ status: 'STORED' }, stored), { undelivered });
    expect(asked).toEqual([[{ status: 'NOTHING' }, posted, NOW]]);
    expect(done).toEqual([
      ['lock', sagaId],
      ['find', eventId],
      ['save', sagaId, { status: 'STORED' }, NOW],
      remembered('STORED'),
      [
        'append',
        {
          type: 'ParcelStoredEvent',
          payload: {
            eventId: eventIdOf(sagaId, 'ParcelStoredEvent', eventId),
            ...{ version: 1, parcelId: sagaId, correlationId, causationId: eventId, occurredAt: NOW },
          },
        },
      ],
      ['undelivered', sagaId],
    ]);
    expect(result).toEqual({ row: { status: 'STORED' }, unpublished: undelivered });
  });

  test('that emits nothing leaves the journal alone', async () => {
    const { done } = await consume(change({ status: 'STORED' }));
    expect(done.map(([what]) => what)).toEqual(['lock', 'find', 'save', 'remember', 'undelivered']);
  });

  test('that has no effect is counted, and leaves a trace', async () => {
    const { done, result } = await consume(NO_EFFECT, { row: { status: 'STORED' } });
    expect(done).toEqual([
      ['lock', sagaId],
      ['find', eventId],
      ['drop', { sagaId, runId: 'this run', eventId, why: 'NO_EFFECT', seen: 1 }],
      remembered('STORED'),
      ['undelivered', sagaId],
    ]);
    expect(result.row).toEqual({ status: 'STORED' });
  });

  test('whose decision carries out a command goes by its result', async () => {
    const results: string[] = [];
    const decision: ParcelDecision = {
      kind: 'do',
      command: 'take a place',
      onResult: (result) => {
        results.push(result);
        return change({ status: result });
      },
    };
    const { done } = await consume(decision, { result: 'FULL' });
    expect(results).toEqual(['FULL']);
    expect(done).toContainEqual(['perform', sagaId, 'take a place', NOW]);
    expect(done).toContainEqual(['save', sagaId, { status: 'FULL' }, NOW]);
  });

  test('whose command has no effect is counted as well', async () => {
    const decision: ParcelDecision = { kind: 'do', command: 'take', onResult: () => NO_EFFECT };
    const { done } = await consume(decision, { result: 'DONE' });
    expect(done.map(([what]) => what)).toEqual([
      'lock',
      'find',
      'perform',
      'drop',
      'remember',
      'undelivered',
    ]);
  });

  test('whose command nobody can carry out is a bug', async () => {
    const decision: ParcelDecision = { kind: 'do', command: 'take', onResult: () => NO_EFFECT };
    await expect(consume(decision)).rejects.toThrow('carries out no commands');
  });

  test.each([
    ['the database', NOW + 7, NOW + 7],
    ['the workflow', NOW - 7, NOW],
  ])('has the time of whichever is later, here %s', async (_, databaseTime, time) => {
    const { asked, done } = await consume(change({ status: 'STORED' }), { databaseTime });
    expect(asked[0]).toEqual([{ status: 'NOTHING' }, posted, time]);
    expect(done[2]).toEqual(['save', sagaId, { status: 'STORED' }, time]);
  });
});

describe('a repeat', () => {
  test.each([
    ['told once, applied by this run: it is this call, run again', 'this run', 1, undefined],
    ['told twice, applied by this run', 'this run', 2, 1],
    ['told once, applied by an earlier run', 'another run', 1, 1],
    ['told three times, applied by an earlier run', 'another run', 3, 3],
  ])('%s', async (_, appliedBy, seen, repeats) => {
    const { done, asked, result } = await consume(
      change({ status: 'STORED' }),
      { appliedBy, row: { status: 'REFUSED' } },
      { seen },
    );
    expect(asked).toEqual([]);
    const drop = ['drop', { sagaId, runId: 'this run', eventId, why: 'REPEAT', seen: repeats }];
    expect(done).toEqual([
      ['lock', sagaId],
      ['find', eventId],
      ...(repeats === undefined ? [] : [drop]),
      ['undelivered', sagaId],
    ]);
    expect(result.row).toEqual({ status: 'REFUSED' });
  });

  test('within one run counts all but the first', async () => {
    const { done } = await consume(change({ status: 'STORED' }), {}, { seen: 3 });
    expect(done[2]).toEqual(['drop', { sagaId, runId: 'this run', eventId, why: 'REPEAT', seen: 2 }]);
  });
});

describe('what is refused', () => {
  test('is quarantined with its body, and changes nothing', async () => {
    const forged = parcelPosted({ size: 99 });
    const { done, asked, result } = await consume(change({ status: 'STORED' }), {}, { seen: 2 }, forged);
    expect(asked).toEqual([]);
    expect(done).toEqual([
      [
        'quarantine',
        {
          ...{ sagaId, runId: 'this run', signalName: 'ParcelPostedEvent', seen: 2, eventId: null },
          reason: 'OTHER_CONTENT',
          detail: 'the journal holds other content under this id',
          body: JSON.stringify(forged.payload),
        },
      ],
      ['read', sagaId],
      ['undelivered', sagaId],
    ]);
    expect(result.row).toEqual({ status: 'NOTHING' });
  });

  test('names the event of the journal where it is that very one', async () => {
    const lie = [journaledAs(posted, { publishedBy: 'locker_service' })];
    const { done } = await consume(NO_EFFECT, { journaled: lie });
    expect(done[0]).toMatchObject(['quarantine', { reason: 'WRONG_PUBLISHER', eventId }]);
  });

  test('is kept up to a length', async () => {
    const long = parcelPosted({ more: 'x'.repeat(MAX_BODY) });
    const { done } = await consume(NO_EFFECT, {}, {}, long);
    const [, entry] = done[0] as [string, { readonly body: string }];
    expect(entry.body).toBe(JSON.stringify(long.payload).slice(0, MAX_BODY));
  });
});

test('the end of a wait is applied once, by its wait, and leaves no trace where it has no effect', async () => {
  const timeout = { type: 'TIMEOUT', wait: 'answer', causeId: eventId } as const;
  for (const [decision, outcome] of [
    [change({ status: 'REFUSED' }), 'REFUSED'],
    [NO_EFFECT, undefined],
  ] as const) {
    const { consumer, done } = consumerOn({});
    const asked: unknown[] = [];
    await consumer.consume(context, timeout, (...args) => {
      asked.push(args);
      return decision;
    });
    expect(asked).toEqual([[{ status: 'NOTHING' }, timeout, NOW]]);
    const key = `${eventId}:answer wait`;
    expect(done).toEqual([
      ['lock', sagaId],
      ['find', key],
      ...(outcome === undefined
        ? []
        : [['save', sagaId, { status: outcome }, NOW], remembered(outcome, key)]),
      ['undelivered', sagaId],
    ]);
  }
});

test('a command leaves its trace also where it comes to nothing', async () => {
  const { consumer, done } = consumerOn({ result: 'DONE' });
  const decide = (): ParcelDecision => ({ kind: 'do', command: 'note', onResult: () => NO_EFFECT });
  await consumer.apply(context, { key: 'a key', decide });
  expect(done.slice(2)).toEqual([
    ['perform', sagaId, 'note', NOW],
    remembered('NOTHING', 'a key'),
    ['undelivered', sagaId],
  ]);
});

describe('a claim', () => {
  const claim = async (decision: ParcelDecision, found: Found = {}) => {
    const { consumer, done } = consumerOn({ row: { status: 'POSTED' }, ...found });
    return { before: await consumer.claim(context, { key: 'a key', decide: () => decision }), done };
  };

  test('returns the row as it was before, where this very call has changed it', async () => {
    const { before, done } = await claim(change({ status: 'STORED' }));
    expect(before).toEqual({ status: 'POSTED' });
    expect(done).toContainEqual(['save', sagaId, { status: 'STORED' }, NOW]);
  });

  test('returns nothing where nothing has changed, or an earlier call was first', async () => {
    expect((await claim(NO_EFFECT)).before).toBeUndefined();
    expect((await claim(change({ status: 'STORED' }), { appliedBy: 'this run' })).before).toBeUndefined();
  });
});

describe('every effect', () => {
  const signal = { signalName: 'Nonsense', reason: 'UNKNOWN_EVENT', body: '[]', seen: 3 } as const;
  const quarantined = [
    'quarantine',
    { sagaId, runId: 'this run', detail: 'not a known event', eventId: null, ...signal },
  ];

  test('begins by recording what the mailbox could not read', async () => {
    const { consumer, done } = consumerOn({ row: { status: 'STORED' } });
    const told = { ...context, malformed: [signal] };
    expect(await consumer.look(told)).toEqual({ row: { status: 'STORED' }, unpublished: [] });
    expect(done).toEqual([quarantined, ['read', sagaId], ['undelivered', sagaId]]);
  });

  test('of a service: a look, and an inspection that counts what is genuine', async () => {
    const { consumer, done } = consumerOn({ journaled });
    const { look, inspect } = consumer.sharedEffects;
    expect(await look(context, null)).toEqual({ row: { status: 'NOTHING' }, unpublished: [] });
    expect(await inspect(context, posted)).toEqual({ row: { status: 'NOTHING' }, unpublished: [] });
    expect(done).toContainEqual([
      'drop',
      { sagaId, runId: 'this run', eventId: eventId, why: 'NO_EFFECT', seen: 1 },
    ]);
  });
});
