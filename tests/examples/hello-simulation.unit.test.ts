import { expect, test } from 'vitest';
import { createPublish, type Deliver } from '../../core/activity/outbox.js';
import type { CorrelationId, EpochMillis, SagaId } from '../../core/event.js';
import { choicesOf } from '../../core/simulation/choices.js';
import {
  emptyState,
  rowsOf,
  SimulatedDatabase,
  type Fate,
  type StoredState,
} from '../../core/simulation/database.js';
import { drawProfile, Faults, transactionFaults } from '../../core/simulation/faults.js';
import { Scheduler } from '../../core/simulation/scheduler.js';
import { SimulatedTemporal } from '../../core/simulation/temporal.js';
import type { Activities, Execution } from '../../core/simulation/worker.js';
import {
  courierEffects,
  lockerEffects,
  postParcel,
  type Parcel,
} from '../../examples/hello-choreography/activities.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';
import { courierParticipant, lockerParticipant } from '../../examples/hello-choreography/workflows.js';

const sagaId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0001' as SagaId;
const correlationId = '2f0c1c62-7c09-4b53-9d0e-0f4b7c1c0002' as CorrelationId;
const participants = { courier: courierParticipant, locker: lockerParticipant };
const effectsOf = { courier: courierEffects, locker: lockerEffects };
type Service = keyof typeof participants;

/** One parcel from its posting until nothing can happen any more; the seed says what goes wrong on the way. */
async function runWorld(seed: number, size: number) {
  const choices = choicesOf(seed);
  const profile = drawProfile(choices);
  const faults = new Faults(choices, profile, [1_000, 40_000, 700_000]);
  const tell = () => undefined;
  const scheduler = new Scheduler(choices, profile.roughness, tell);
  const now = () => scheduler.now as EpochMillis;
  const database = new SimulatedDatabase<StoredState>(choreography, emptyState, tell, now);
  const scriptOf = (service: string) => ({
    ...{ choreography, service, sagaId },
    participant: participants[service as Service],
  });
  const temporal = new SimulatedTemporal(choreography.services, scriptOf, {
    ...{ scheduler, faults, tell, words: {} },
  });
  const deliverIn =
    (execution: Execution): Deliver =>
    async (subscriber, event) => {
      const fault = await execution.turn('delivers', ['FAILS', 'ANSWER_LOST', 'TWICE'] as const);
      if (fault === 'FAILS') throw new Error('unavailable');
      temporal.signalWithStart(subscriber, event);
      if (fault === 'TWICE') temporal.signalWithStart(subscriber, event);
      if (fault === 'ANSWER_LOST') throw new Error('delivered, but the answer was lost');
    };
  const run =
    (service: Service): Activities =>
    (name, args, execution) => {
      const fate: Fate = async () => {
        const fault = await execution.turn(`commits ${name}`, transactionFaults);
        if (fault === 'HANGS') await execution.hang();
        return fault === undefined || fault === 'HANGS' ? 'COMMITS' : fault;
      };
      const outbox = {
        find: (eventId: never) => Promise.resolve(database.find(eventId)),
        markDelivered: (eventId: never, subscribers: readonly string[]) =>
          Promise.resolve(database.markDelivered(eventId, subscribers)),
      };
      const publish = createPublish(choreography, outbox, deliverIn(execution));
      const activities = { ...effectsOf[service](database.store(service, fate)), publish };
      return (activities[name as 'publish'] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    };
  temporal.work({ courier: run('courier'), locker: run('locker') });
  const courierStore = database.store<Parcel>('courier', () => Promise.resolve('COMMITS'));
  await postParcel(courierStore, sagaId, size, { eventId: null, correlationId });
  temporal.start('courier');
  await scheduler.run();
  return {
    rows: rowsOf(database.stored, sagaId),
    events: [...database.stored.journal.values()].map(({ event, deliveredTo }) => [
      event.type,
      deliveredTo !== null,
    ]),
    open: temporal.runs.filter(({ isClosed }) => !isClosed).length,
    quarantined: database.stored.quarantine.size,
    wentWell: faults.areUnused,
  };
}

test.each([
  [30, 'DELIVERED', 'STORED', 'ParcelStoredEvent'],
  [80, 'RETURNED', 'REFUSED', 'ParcelRefusedEvent'],
] as const)(
  'a parcel of %i cm ends %s in 500 worlds, whatever fails',
  async (size, courier, locker, answer) => {
    let roughWorlds = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const { wentWell, ...end } = await runWorld(seed, size);
      if (!wentWell) roughWorlds++;
      expect({ seed, ...end }).toEqual({
        seed,
        rows: { courier: { status: courier }, locker: { status: locker } },
        events: [
          ['ParcelPostedEvent', true],
          [answer, true],
        ],
        open: 0,
        quarantined: 0,
      });
    }
    expect(roughWorlds).toBeGreaterThan(100);
  },
);
