import { expect, test } from 'vitest';
import { LOOK } from '../../core/choreography.js';
import type { EpochMillis, EventId, SagaId } from '../../core/event.js';
import { Instance, type Job } from '../../core/simulation/instance.js';
import type { ParticipantContext } from '../../core/workflow/context.js';
import type { AnyParticipant } from '../../core/workflow/participant.js';
import { choreography, type Payloads } from '../../examples/hello-choreography/choreography.js';

const UNTIL = 10_000;
const sagaId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0001' as SagaId;

type Context = ParticipantContext<Payloads, Record<string, (...args: never[]) => Promise<never>>>;

/** Looks at its row, and waits once, by the clock. */
async function waitOnce(context: Context, heard: (what: string) => void): Promise<void> {
  const begun = context.take('ParcelPostedEvent');
  heard(begun ? 'begins' : 'looks');
  await context.ensure['look']?.(null as never);
  const next = await context.receive(['ParcelStoredEvent'], {
    ...{ wait: 'answer', waitingFor: 'the answer', until: UNTIL as EpochMillis },
    causeId: 'posted' as EventId,
  });
  heard(next.type);
}

/** The same, trying something for long. */
async function tryForLong(context: Context, heard: (what: string) => void): Promise<void> {
  heard('looks');
  await context.ensure['look']?.(null as never);
  const policy = { maximumAttempts: 4, intervalMs: 60_000, stopOn: ['ParcelStoredEvent'] };
  heard(JSON.stringify(await context.retry['send']?.(null as never, policy)));
}

/** A run of a participant whose effects all succeed at once, but for regular activities. */
function runOf(run: typeof waitOnce) {
  const story: string[] = [];
  const participant = {
    begins: ['ParcelPostedEvent'],
    run: (context: Context) => run(context, (what) => story.push(what)),
    react: () => Promise.resolve(),
  } as unknown as AnyParticipant;
  const script = { choreography, service: 'courier', sagaId, participant };
  const instance = new Instance('courier-1', script);
  const value = { row: { status: 'POSTED' }, unpublished: [] };
  /** Tells the run all of this at once, and lets it come to rest. */
  const tell = async (now: number, ...jobs: readonly Job[]) => {
    const calls: string[] = [];
    for (let next = jobs; ;) {
      await instance.activate({ now, isHistoryLong: false, jobs: next });
      const locals = instance.takeLocals();
      if (locals.length === 0) break;
      calls.push(...locals.map(({ name }) => name));
      next = locals.map(({ seq }) => ({ kind: 'local', seq, ended: { ok: true, value } }));
    }
    const commands = instance.takeCommands().map((command) => {
      if (command.kind === 'start timer') return `timer of ${command.ms} ms`;
      return command.kind === 'activity' ? command.name : command.kind;
    });
    return [...calls, ...commands];
  };
  return { instance, story, tell };
}

const look: Job = { kind: 'signal', name: LOOK, args: [] };
const event = (name: string): Job => ({ kind: 'signal', name, args: [{ eventId: name }] });
/** The timer of the first wait: it comes after the first look. */
const timer: Job = { kind: 'timer', seq: 1 };

test('a look reads the row again, and arms the wait afresh from the stored deadline', async () => {
  const { story, tell } = runOf(waitOnce);
  expect(await tell(1_000)).toEqual(['look', 'timer of 9000 ms']);
  expect(await tell(4_000, look)).toEqual(['look', 'cancel timer', 'timer of 6000 ms']);
  expect(story).toEqual(['looks', 'looks']);
});

test('an event comes before a look, and a look before the clock', async () => {
  const { story, tell } = runOf(waitOnce);
  await tell(1_000);
  expect(await tell(UNTIL, event('ParcelStoredEvent'), look, timer)).toEqual(['look', 'look']);
  expect(story).toEqual(['looks', 'ParcelStoredEvent', 'looks', 'TIMEOUT']);
});

test('a deadline that is over is found by the look that comes with it', async () => {
  const { instance, story, tell } = runOf(waitOnce);
  await tell(1_000);
  expect(await tell(UNTIL + 1, look, timer)).toEqual(['look']);
  expect(story).toEqual(['looks', 'looks', 'TIMEOUT']);
  expect(instance.hasCompleted).toBe(true);
});

test('where the deadline is over and the event is here, the event counts', async () => {
  const { instance, story, tell } = runOf(waitOnce);
  expect(await tell(UNTIL + 1, event('ParcelStoredEvent'))).toEqual(['look']);
  expect(story).toEqual(['looks', 'ParcelStoredEvent']);
  expect(instance.hasCompleted).toBe(true);
});

test('an event that begins the participant ends its wait: it begins anew', async () => {
  const { story, tell } = runOf(waitOnce);
  await tell(1_000);
  expect(await tell(4_000, event('ParcelPostedEvent'))).toEqual(['look', 'cancel timer', 'timer of 6000 ms']);
  expect(story).toEqual(['looks', 'begins']);
});

test('a look leaves an attempt alone, and reads the row beside it', async () => {
  const { instance, story, tell } = runOf(tryForLong);
  expect(await tell(1_000)).toEqual(['look', 'send']);
  expect(await tell(2_000, look)).toEqual(['look']);
  expect(await tell(3_000, look, look)).toEqual(['look']);
  expect(story).toEqual(['looks']);
  const sent = { row: { status: 'SENT' }, unpublished: [] };
  expect(await tell(4_000, { kind: 'activity', seq: 1, ended: { ok: true, value: sent } })).toEqual([]);
  expect(story).toEqual(['looks', '{"status":"SENT"}']);
  expect(instance.hasCompleted).toBe(true);
});

test('an event that stops the attempts is heard although a look comes with it', async () => {
  const { story, tell } = runOf(tryForLong);
  await tell(1_000);
  expect(await tell(2_000, look, event('ParcelStoredEvent'))).toEqual(['stop activity']);
  expect(await tell(3_000, { kind: 'activity', seq: 1, ended: { ok: false } })).toContain('look');
  expect(story).toContain('"STOPPED"');
});

test('a look that comes while the last effect runs is not lost', async () => {
  const { instance, story, tell } = runOf(waitOnce);
  await instance.activate({ now: UNTIL, isHistoryLong: false, jobs: [] });
  const [first] = instance.takeLocals();
  const ended = { ok: true, value: { row: { status: 'POSTED' }, unpublished: [] } } as const;
  await instance.activate({ now: UNTIL, isHistoryLong: false, jobs: [look] });
  expect(instance.takeLocals()).toEqual([]);
  expect(await tell(UNTIL, { kind: 'local', seq: first?.seq ?? -1, ended })).toEqual(['look']);
  expect(story).toEqual(['looks', 'looks', 'TIMEOUT']);
});
