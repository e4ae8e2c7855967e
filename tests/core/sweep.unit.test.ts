import { expect, test } from 'vitest';
import type { AnyEvent, EventId, SagaId } from '../../core/event.js';
import type { SweepStore, Unfinished } from '../../core/sweep/sweep-store.js';
import { Sweep, type SweepSignals } from '../../core/sweep/sweep.js';

const saga = (name: string | number) => `saga ${name}` as SagaId;
const event = (eventId: string) =>
  ({ type: 'ParcelPostedEvent', payload: { eventId: eventId as EventId } }) as AnyEvent;
const due = (name: string | number): Unfinished => ({ sagaId: saga(name), unhandled: [] });

interface Scene {
  readonly taken?: readonly Unfinished[];
  readonly hasMore?: boolean;
  /** Sagas that wait for an operator, and which of them have a participant. */
  readonly parked?: readonly SagaId[];
  readonly running?: readonly SagaId[];
  /** Signals that Temporal does not confirm. */
  readonly lost?: readonly string[];
}

/** A sweep of the courier, and what it has done in order. */
function sweepIn({ taken = [], hasMore = false, parked = [], running = [], lost = [] }: Scene) {
  const done: string[] = [];
  const signal = (what: string) => {
    if (lost.includes(what)) return Promise.reject(new Error(`${what} is not confirmed`));
    done.push(what);
    return Promise.resolve();
  };
  const store: SweepStore = {
    take: () => Promise.resolve({ sagas: taken, hasMore }),
    woken: (sagaIds) => Promise.resolve(void done.push(`woken: ${sagaIds.join()}`)),
    parkedAfter: (last) =>
      Promise.resolve(parked.filter((sagaId) => last === undefined || sagaId > last).slice(0, 2)),
  };
  const signals: SweepSignals = {
    deliver: (service, { payload }) => signal(`${payload.eventId} to ${service}`),
    wake: (service, sagaId) => signal(`look, ${service}: ${sagaId}`),
    isRunning: (service, sagaId) => {
      done.push(`is ${sagaId} of ${service} running?`);
      return Promise.resolve(running.includes(sagaId));
    },
  };
  return { sweep: new Sweep('courier', store, signals), done };
}

test('signals the unhandled events of a saga in their order; where there are none, a look', async () => {
  const taken = [
    { sagaId: saga('a'), unhandled: [event('first'), event('second')] },
    { sagaId: saga('b'), unhandled: [] },
  ];
  const { sweep, done } = sweepIn({ taken });
  expect(await sweep.run()).toBe(false);
  expect(done.filter((what) => what.includes('first') || what.includes('second'))).toEqual([
    'first to courier',
    'second to courier',
  ]);
  expect(done.filter((what) => what.startsWith('look'))).toEqual(['look, courier: saga b']);
  expect(done.at(-1)).toBe('woken: saga a,saga b');
});

test.each([true, false])('says whether there is more: %s', async (hasMore) => {
  expect(await sweepIn({ hasMore }).sweep.run()).toBe(hasMore);
});

test('after a signal that is not confirmed, its group is the last one, and the others of it were woken', async () => {
  const taken = Array.from({ length: 25 }, (_, i) => due(i));
  const { sweep, done } = sweepIn({ taken, lost: ['look, courier: saga 13'] });
  await expect(sweep.run()).rejects.toThrow('look, courier: saga 13 is not confirmed');
  const woken = done.filter((what) => what.startsWith('woken')).map((what) => what.split(',').length);
  expect(woken).toEqual([10, 9]);
  expect(done.filter((what) => what.startsWith('look'))).toHaveLength(19);
});

test('an event that is not confirmed holds back the later ones of its saga, which does not count as woken', async () => {
  const taken = [{ sagaId: saga('a'), unhandled: [event('first'), event('second')] }];
  const { sweep, done } = sweepIn({ taken, lost: ['first to courier'] });
  await expect(sweep.run()).rejects.toThrow('first to courier is not confirmed');
  expect(done).toEqual([]);
});

const five = ['a', 'b', 'c', 'd', 'e'].map(saga);
const looked = (done: readonly string[]) => done.filter((what) => what.startsWith('look'));
const asked = (done: readonly string[]) =>
  done.flatMap((what) => /^is saga (\w)/.exec(what)?.[1] ?? []).join('');

test('parked sagas that have a participant are left alone, a few a sweep, and then from the beginning', async () => {
  const { sweep, done } = sweepIn({ parked: five, running: five });
  for (const soFar of ['ab', 'abcd', 'abcde', 'abcde', 'abcdeab']) {
    await sweep.run();
    expect(asked(done)).toBe(soFar);
  }
  expect(looked(done)).toEqual([]);
});

test('once a parked saga without a participant is found, the same sweep asks about all that follow', async () => {
  const { sweep, done } = sweepIn({ parked: five });
  await sweep.run();
  expect(looked(done)).toEqual(five.map((sagaId) => `look, courier: ${sagaId}`));
});

test('a parked saga whose look is not confirmed is asked about again by the next sweep', async () => {
  const { sweep, done } = sweepIn({ parked: [saga('a')], lost: ['look, courier: saga a'] });
  await expect(sweep.run()).rejects.toThrow('not confirmed');
  await expect(sweep.run()).rejects.toThrow('not confirmed');
  expect(asked(done)).toBe('aa');
});
