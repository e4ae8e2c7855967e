import { describe, expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import { ParticipantContext } from '../../core/workflow/context.js';
import { runParticipant } from '../../core/workflow/runtime.js';
import type { AnyParticipant, Host } from '../../core/workflow/participant.js';
import { choreography, type Payloads } from '../../examples/hello-choreography/choreography.js';
import { failed, NOW, sagaId, scripted, type Call, type Ends } from './scripted-engine.js';

type Effects = Record<string, (...args: never[]) => Promise<never>>;

const contextIn = (host: Host) =>
  new ParticipantContext<Payloads, Effects, 'patched' | 'other'>(host, ['ParcelPostedEvent']);

const eventId = '0f8fad5b-d9cb-569f-a165-70867728950e';
const done = (status = 'DONE', ...types: readonly string[]) => ({
  row: { status },
  unpublished: types.map((type) => ({ eventId, type })),
});
const posted = { type: 'ParcelPostedEvent', payload: { eventId } };
const timeout = { type: 'TIMEOUT', wait: 'answer', causeId: eventId };

/** A context whose activities end like this, and what it asked for. */
function contextWith(ends: Ends) {
  const world = scripted(ends);
  return { ...world, context: contextIn(world.host) };
}

const namesOf = (calls: readonly Call[]) => calls.map(({ kind, name }) => `${kind} ${name}`);

describe('an effect', () => {
  test('is told the run, its clock, how often the event came, and what could not be read', async () => {
    const { context, calls, mailbox, host } = contextWith(() => done());
    mailbox.deliver(posted.type, [posted.payload]);
    mailbox.deliver(posted.type, [posted.payload]);
    mailbox.deliver('Nonsense', ['x']);
    await context.ensure['accept']?.(posted as never);
    expect(calls).toEqual([
      {
        kind: 'local',
        name: 'accept',
        args: [
          {
            sagaId,
            runId: 'the run',
            now: NOW,
            seen: 2,
            malformed: [{ signalName: 'Nonsense', reason: 'UNKNOWN_EVENT', body: '["x"]', seen: 1 }],
          },
          posted,
        ],
        tries: {
          ...{ timeout: 4_000, budget: 5_000, attempts: 6, firstPause: 100, backoff: 2 },
          summary: 'ParcelPostedEvent',
        },
      },
    ]);
    expect(host.mailbox.malformed.isReported).toBe(true);
  });

  test.each([
    ['an event', posted, 0, 'ParcelPostedEvent'],
    ['the end of a wait', timeout, 0, 'answer timeout'],
    ['an operator’s request', { type: 'RETRY', key: 'k', operator: 'kim' }, 0, 'RETRY'],
    ['nothing', null, 0, undefined],
    ['what is no event', { round: 1 }, 0, undefined],
    ['text', 'ParcelPostedEvent', 0, undefined],
  ])('that answers %s is shown so', async (_, input, seen, summary) => {
    const { context, calls } = contextWith(() => done());
    await context.ensure['accept']?.(input as never);
    expect(calls[0]?.tries.summary).toBe(summary);
    expect('summary' in (calls[0]?.tries ?? {})).toBe(summary !== undefined);
    expect(calls[0]?.args[0]).toMatchObject({ seen });
  });

  test('publishes what is left to publish, in turn, each under its type', async () => {
    const { context, calls } = contextWith(({ name }) =>
      name === 'publish' ? undefined : done('POSTED', 'ParcelPostedEvent', 'ParcelStoredEvent'),
    );
    expect(await context.ensure['accept']?.(posted as never)).toEqual({ status: 'POSTED' });
    expect(namesOf(calls)).toEqual(['local accept', 'local publish', 'local publish']);
    expect(calls.slice(1).map(({ args, tries }) => [args, tries.summary])).toEqual([
      [[eventId], 'ParcelPostedEvent'],
      [[eventId], 'ParcelStoredEvent'],
    ]);
  });

  test('its row is the result of the run, and is told', async () => {
    const rows: unknown[] = [];
    const { host } = contextWith(() => ({ ...done('REFUSED'), row: { status: 'REFUSED', reason: 'SIZE' } }));
    const context = contextIn({ ...host, onRow: (row) => void rows.push(row) });
    expect(context.result).toEqual({ status: 'NOTHING', reason: null });
    await context.ensure['accept']?.(posted as never);
    expect(context.result).toEqual({ status: 'REFUSED', reason: 'SIZE' });
    expect(rows).toEqual([{ status: 'REFUSED', reason: 'SIZE' }]);
  });
});

describe('`ensure`', () => {
  test('goes on as a regular activity, until that ends with the result of an effect', async () => {
    const ends: unknown[] = [failed(), failed(), 'forged', null, { row: {} }, done('STORED')];
    const { context, calls } = contextWith(() => ends.shift());
    expect(await context.ensure['store']?.(posted as never)).toEqual({ status: 'STORED' });
    expect(namesOf(calls)).toEqual(['local store', ...Array<string>(5).fill('regular store')]);
    expect(calls[1]?.tries).toEqual({
      ...{ timeout: 10_000, firstPause: 1_000, backoff: 2, longestPause: 30_000 },
      summary: 'ParcelPostedEvent',
    });
  });

  test('publishes for as long as it takes, whatever that returns', async () => {
    const ends: unknown[] = [done('STORED', 'ParcelStoredEvent'), failed(), failed(), 'anything'];
    const { context, calls } = contextWith(() => ends.shift());
    await context.ensure['store']?.(posted as never);
    expect(namesOf(calls)).toEqual(['local store', 'local publish', 'regular publish', 'regular publish']);
    expect(calls[3]?.tries.summary).toBe('ParcelStoredEvent');
  });

  test('hands on whatever is not the failure of an activity', async () => {
    const broken = new TypeError('a bug');
    for (const ends of [[broken], [failed(), broken]]) {
      const { context } = contextWith(() => ends.shift());
      await expect(context.ensure['store']?.(posted as never)).rejects.toBe(broken);
    }
  });

  test('takes a look that is due, since it reads the row', async () => {
    const { context, mailbox } = contextWith(() => done());
    mailbox.deliver(LOOK, []);
    await context.ensure['store']?.(posted as never);
    expect(mailbox.isLookDue).toBe(false);
  });
});

describe('`once`', () => {
  test('tries once, for 4 s', async () => {
    const { context, calls } = contextWith(() => done('CHARGED'));
    expect(await context.once['charge']?.(posted as never)).toEqual({ status: 'CHARGED' });
    expect(calls.map(({ tries }) => tries)).toEqual([
      { timeout: 4_000, attempts: 1, firstPause: 100, backoff: 2, summary: 'ParcelPostedEvent' },
    ]);
  });

  test('a try that failed leaves everything open: nothing is published, and what could not be read is told again', async () => {
    const { context, calls, mailbox } = contextWith(() => failed());
    mailbox.deliver('Nonsense', []);
    expect(await context.once['charge']?.(posted as never)).toBeUndefined();
    expect(namesOf(calls)).toEqual(['local charge']);
    expect(mailbox.malformed.isReported).toBe(false);
  });

  test('a bug is no failure', async () => {
    const broken = new TypeError('a bug');
    await expect(contextWith(() => broken).context.once['charge']?.(posted as never)).rejects.toBe(broken);
  });
});

describe('`retry`', () => {
  const policy = { maximumAttempts: 4, intervalMs: 60_000, stopOn: ['ParcelStoredEvent'] };
  const retry = (context: ReturnType<typeof contextWith>['context'], maximumAttempts = 4) =>
    context.retry['send']?.(posted as never, { ...policy, maximumAttempts });

  test('asks for the attempts and pauses of the policy, each of the same length', async () => {
    const { context, calls } = contextWith(() => done('SENT'));
    expect(await retry(context)).toEqual({ status: 'SENT' });
    expect(calls).toMatchObject([{ kind: 'regular', name: 'send' }]);
    expect(calls[0]?.tries).toEqual({
      ...{ timeout: 30_000, attempts: 4, firstPause: 60_000, backoff: 1 },
      summary: 'ParcelPostedEvent',
    });
  });

  test.each([0, -1])('with %i attempts left they are used up, and none begins', async (maximumAttempts) => {
    const { context, calls } = contextWith(() => done('SENT'));
    expect(await retry(context, maximumAttempts)).toBe('USED_UP');
    expect(calls).toEqual([]);
  });

  test('with one left it begins', async () => {
    expect(await retry(contextWith(() => done('SENT')).context, 1)).toEqual({ status: 'SENT' });
  });

  test.each([failed(), 'forged'])('attempts that end with %s are used up', async (end) => {
    expect(await retry(contextWith(() => end).context)).toBe('USED_UP');
  });

  test('an event that stops it wins over attempts that failed, not over one that got through', async () => {
    for (const [end, expected] of [
      [failed(), 'STOPPED'],
      [done('SENT'), { status: 'SENT' }],
    ] as const) {
      let finish = () => undefined as void;
      const ended = new Promise<void>((resolve) => (finish = resolve));
      const { context, mailbox, stops } = contextWith(() => ended.then(() => end));
      const retried = retry(context);
      mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
      await new Promise(setImmediate);
      expect(stops()).toBe(1);
      finish();
      expect(await retried).toEqual(expected);
    }
  });

  test('attempts that end by themselves are not stopped', async () => {
    const { context, stops } = contextWith(() => done('SENT'));
    await retry(context);
    expect(stops()).toBe(0);
  });
});

describe('a wait', () => {
  const deadline = {
    ...{ wait: 'answer', waitingFor: 'the answer', until: (NOW + 9_000) as EpochMillis },
    causeId: eventId as EventId,
  };
  const receive = (context: ReturnType<typeof contextWith>['context']) =>
    context.receive(['ParcelStoredEvent'], deadline);

  test('is named beside its timer, which lasts until the deadline', async () => {
    const { context, mailbox, timers, told } = contextWith(() => done());
    const received = receive(context);
    mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
    expect(await received).toMatchObject({ type: 'ParcelStoredEvent' });
    expect(timers).toEqual([{ ms: 9_000, summary: 'waiting for the answer' }]);
    expect(told).toEqual(['waiting for the answer']);
  });

  test('that is over says which one it was, and what began it', async () => {
    const { context, clock } = contextWith(() => done());
    const received = receive(context);
    clock.now = NOW + 9_000;
    expect(await received).toEqual(timeout);
  });

  test.each([NOW + 9_000, NOW + 9_001])('needs no timer where the deadline is over', async (now) => {
    const { context, clock, timers } = contextWith(() => done());
    clock.now = now;
    expect(await receive(context)).toEqual(timeout);
    expect(timers).toEqual([]);
  });

  test('needs no timer where the event is here, though the deadline is over (R3)', async () => {
    const { context, clock, mailbox, timers } = contextWith(() => done());
    mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
    clock.now = NOW + 99_000;
    expect(await receive(context)).toMatchObject({ type: 'ParcelStoredEvent' });
    expect(timers).toEqual([]);
  });

  test('without a deadline has no timer', async () => {
    const { context, mailbox, timers, told } = contextWith(() => done());
    const received = context.receiveWhenever(['ParcelStoredEvent'], { waitingFor: 'whatever comes' });
    mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
    expect(await received).toMatchObject({ type: 'ParcelStoredEvent' });
    expect([timers, told]).toEqual([[undefined], ['waiting for whatever comes']]);
  });

  const interruptions: Readonly<Record<string, readonly [string, readonly unknown[], string]>> = {
    'a look': [LOOK, [], 'LOOK_AGAIN'],
    'an event that begins the participant': ['ParcelPostedEvent', [{ eventId }], 'LOOK_AGAIN'],
  };

  test.each(Object.entries(interruptions))('is interrupted by %s', async (_, [name, args, why]) => {
    const { context, mailbox } = contextWith(() => done());
    const received = receive(context);
    mailbox.deliver(name, args);
    await expect(received).rejects.toMatchObject({ why });
  });

  test('is interrupted by a long history', async () => {
    const { context, clock } = contextWith(() => done());
    const received = receive(context);
    clock.isHistoryLong = true;
    await expect(received).rejects.toMatchObject({ why: 'CONTINUE_AS_NEW' });
  });

  test('prefers the look where the history is long as well', async () => {
    const { context, clock, mailbox } = contextWith(() => done());
    clock.isHistoryLong = true;
    mailbox.deliver(LOOK, []);
    await expect(receive(context)).rejects.toMatchObject({ why: 'LOOK_AGAIN' });
  });
});

describe('a participant that is parked', () => {
  const parkedIn = () => {
    const world = contextWith(() => done());
    let end: unknown;
    const parked = world.context.park('ParcelStoredEvent').then(
      (event) => (end = event),
      (error: unknown) => (end = error),
    );
    return { ...world, parked, endOf: () => end };
  };

  test('says so, and waits without a timer', async () => {
    const { told, timers, mailbox, host, endOf } = parkedIn();
    mailbox.deliver('ParcelRefusedEvent', [{ eventId }]);
    for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
    expect(endOf()).toBeUndefined();
    expect([told, timers]).toEqual([
      ['parked: all attempts are used up, an operator can retry'],
      [undefined],
    ]);
    expect(host.gate.isOpen).toBe(true);
    host.gate.request('key', 'kim');
  });

  test('goes on with the event that it waits for, and lets no request in any more', async () => {
    const { parked, mailbox, host } = parkedIn();
    mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
    expect(await parked).toMatchObject({ type: 'ParcelStoredEvent' });
    expect(host.gate.isOpen).toBe(false);
  });

  test('goes on with an operator’s request, once', async () => {
    const { parked, host, context, mailbox } = parkedIn();
    host.gate.request('key', 'kim');
    expect(await parked).toEqual({ type: 'RETRY', key: 'key', operator: 'kim' });
    const again = context.park('ParcelStoredEvent');
    mailbox.deliver('ParcelStoredEvent', [{ eventId }]);
    expect(await again).toMatchObject({ type: 'ParcelStoredEvent' });
  });

  test('is interrupted by a look', async () => {
    const { parked, mailbox } = parkedIn();
    mailbox.deliver(LOOK, []);
    expect(await parked).toMatchObject({ why: 'LOOK_AGAIN' });
  });

  test('is interrupted by a long history', async () => {
    const { parked, clock } = parkedIn();
    clock.isHistoryLong = true;
    expect(await parked).toMatchObject({ why: 'CONTINUE_AS_NEW' });
  });
});

test('a change of a participant is known by its name', () => {
  const { context } = contextWith(() => done());
  expect([context.isPatched('patched'), context.isPatched('other')]).toEqual([true, false]);
});

describe('before it closes, a participant', () => {
  const participant = (reacted: string[], run: AnyParticipant['run'] = () => Promise.resolve()) =>
    ({
      begins: ['ParcelPostedEvent'],
      run,
      react: (_: unknown, event: { readonly type: string }) => Promise.resolve(void reacted.push(event.type)),
    }) as unknown as AnyParticipant;

  test('reacts to what is addressed to it, has the rest inspected, and tells what it could not read', async () => {
    const [own, other] = ['ParcelStoredEvent', 'ParcelPostedEvent'];
    const { host, mailbox, calls } = contextWith(() => done('CLOSED'));
    mailbox.deliver('Nonsense', []);
    mailbox.deliver(own, [{ eventId }]);
    mailbox.deliver(other, [{ eventId }]);
    const reacted: string[] = [];
    expect(await runParticipant(host, { ...participant(reacted), begins: [] })).toEqual({
      status: 'CLOSED',
      reason: null,
    });
    expect(reacted).toEqual([own]);
    expect(calls.map(({ name, args }) => [name, (args[1] as { type?: string } | null)?.type])).toEqual([
      ['inspect', other],
    ]);
    expect(calls[0]?.args[0]).toMatchObject({ malformed: [{ signalName: 'Nonsense' }] });
    expect(mailbox.malformed.isReported).toBe(true);
    expect(choreography.services).toContain('courier');
  });

  test('takes a look for what it could not read and has no effect to tell by', async () => {
    const { host, mailbox, calls } = contextWith(() => done());
    mailbox.deliver('Nonsense', []);
    await runParticipant(host, participant([]));
    expect(namesOf(calls)).toEqual(['local look']);
    expect(calls[0]?.args[1]).toBeNull();
  });

  test('takes the look that somebody asked for, once', async () => {
    const { host, mailbox, calls } = contextWith(() => done());
    mailbox.deliver(LOOK, []);
    await runParticipant(host, participant([]));
    expect(namesOf(calls)).toEqual(['local look']);
  });

  test('begins anew for an event that begins it', async () => {
    const { host, mailbox } = contextWith(() => done());
    mailbox.deliver('ParcelPostedEvent', [{ eventId }]);
    let runs = 0;
    const begin = (context: { take(type: string): unknown }) => {
      if (++runs > 1) context.take('ParcelPostedEvent');
      return Promise.resolve();
    };
    await runParticipant(host, participant([], begin));
    expect(runs).toBe(2);
  });

  test('continues as new only once nothing is left in its mailbox', async () => {
    const { host, mailbox, clock, calls } = contextWith(() => done());
    clock.isHistoryLong = true;
    mailbox.deliver('Nonsense', []);
    const wait = (context: { receiveWhenever(types: readonly string[], what: object): Promise<unknown> }) =>
      context.receiveWhenever(['ParcelStoredEvent'], { waitingFor: 'it' });
    await expect(runParticipant(host, participant([], wait as never))).rejects.toThrow('continues as new');
    expect(namesOf(calls)).toEqual(['local look']);
  });

  test('fails where its code does', async () => {
    const broken = new TypeError('a bug');
    const { host } = contextWith(() => done());
    await expect(
      runParticipant(
        host,
        participant([], () => Promise.reject(broken)),
      ),
    ).rejects.toBe(broken);
  });
});
