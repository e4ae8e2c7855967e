import { expect, test } from 'vitest';
import { runParticipant } from '../../core/workflow/runtime.js';
import type { AnyParticipant } from '../../core/workflow/participant.js';
import { choreography, catalogue, eventTypes, type EventType } from '../../schemas/catalogue.js';
import { services, type Service } from '../../schemas/services.js';
import { participants } from '../../workflows/participants.js';
import { failed, NOW, scripted } from '../core/scripted-engine.js';

const eventId = '0f8fad5b-d9cb-569f-a165-70867728950e';
const later = NOW + 60_000;

const placed = { reason: null, waitCauseId: eventId, paymentDue: later, sagaDue: later + 1, overdue: false };
const notice = { causeId: eventId, round: 1, attempts: 4, maxAttempts: 4, retryIntervalMs: 60_000 };

/** The rows in which a participant waits; one that is not listed never does. */
const waiting: Readonly<Partial<Record<Service, readonly { readonly status: string }[]>>> = {
  order: ['PENDING_PAYMENT', 'PAYMENT_COMPLETED', 'INVENTORY_RESERVED']
    .map((status) => ({ status, ...placed }))
    .flatMap((row) => [row, ...(row.status === 'INVENTORY_RESERVED' ? [{ ...row, overdue: true }] : [])]),
  payment: [{ status: 'CHARGED', answerBy: later, waitCauseId: eventId } as { status: string }],
  notification: [{ status: 'FAILED', ...notice }],
};

const participantOf = (service: Service) => participants[service] as unknown as AnyParticipant;

/** A participant whose row is this one until an effect has answered something; then it is over. */
function runFrom(service: Service, row: { readonly status: string }) {
  const ends = ({ args: [, input] }: { readonly args: readonly unknown[] }) =>
    input === null ? { row, unpublished: [] } : { row: { status: 'OVER' }, unpublished: [] };
  const world = scripted(ends, { choreography, service });
  return { ...world, ended: runParticipant(world.host, participantOf(service)) };
}

const heardBy = (service: Service): readonly EventType[] =>
  eventTypes.filter(
    (type) =>
      catalogue[type].subscribers.some((subscriber) => subscriber.service === service) &&
      !participantOf(service).begins.includes(type),
  );

const cases = services.flatMap((service) =>
  (waiting[service] ?? []).flatMap((row) => heardBy(service).map((type) => [service, row, type] as const)),
);

test.each(cases)('%s, %o, hears %s while it waits', async (service, row, type) => {
  const { mailbox, calls, timers, ended } = runFrom(service, row);
  await expect.poll(() => timers.length).toBe(1);
  mailbox.deliver(type, [{ eventId }]);
  await ended;
  expect(calls.map(({ name }) => name)[0]).toBe('look');
  expect(calls).toHaveLength(2);
  expect(calls[1]?.args[1]).toMatchObject({ type });
});

const timed = cases.filter(([service, row], index) => {
  const isFirst = cases.findIndex(([other, same]) => other === service && same === row) === index;
  return isFirst && 'waitCauseId' in row && !('overdue' in row && row.overdue);
});

test.each(timed)('%s, %o, asks its row once its wait is over, and not before', async (service, row) => {
  const { calls, clock, timers, ended } = runFrom(service, row);
  await expect.poll(() => timers.length).toBe(1);
  const due = row.status === 'PAYMENT_COMPLETED' || row.status === 'INVENTORY_RESERVED' ? later + 1 : later;
  expect(timers[0]?.ms).toBe(due - NOW);
  clock.now = due;
  await ended;
  expect(calls[1]?.args[1]).toMatchObject({ type: 'TIMEOUT', causeId: eventId });
});

const cancellations = [
  ['payment', 'OrderCreatedEvent', 'OrderCancelledEvent', 'refund'],
  ['inventory', 'PaymentCompletedEvent', 'PaymentCancelledEvent', 'release'],
  ['notification', 'InventoryReservedEvent', 'PaymentCancelledEvent', 'revoke'],
] as const;

test.each(cancellations)(
  '%s: of %s and %s the cancellation comes first (R3)',
  async (service, begins, cancels, effect) => {
    const world = scripted(() => ({ row: { status: 'OVER' }, unpublished: [] }), { choreography, service });
    world.mailbox.deliver(begins, [{ eventId }]);
    world.mailbox.deliver(cancels, [{ eventId }]);
    await runParticipant(world.host, participantOf(service));
    expect(world.calls[0]).toMatchObject({ name: effect, args: [{}, { type: cancels }] });
  },
);

test.each([
  ['payment', 'OrderCreatedEvent', 'charge'],
  ['inventory', 'PaymentCompletedEvent', 'reserve'],
] as const)(
  '%s: what %s asks for is tried once, and made void where nobody knows',
  async (service, begins, effect) => {
    const world = scripted(
      ({ name }) => (name === effect ? failed() : { row: { status: 'OVER' }, unpublished: [] }),
      {
        ...{ choreography, service },
      },
    );
    world.mailbox.deliver(begins, [{ eventId }]);
    await runParticipant(world.host, participantOf(service));
    expect(world.calls.map(({ kind, name }) => `${kind} ${name}`)).toEqual([`local ${effect}`, 'local void']);
  },
);

test.each([0, 2, 4])(
  'notification: of four attempts, %i begun, the others are asked for',
  async (attempts) => {
    const sending = { status: 'SENDING', ...notice, attempts };
    const world = scripted(
      ({ name }) => {
        if (name === 'send') return failed();
        return { row: name === 'look' ? sending : { status: 'OVER' }, unpublished: [] };
      },
      { choreography, service: 'notification' },
    );
    await runParticipant(world.host, participantOf('notification'));
    const sends = world.calls.filter(({ name }) => name === 'send');
    expect(sends.map(({ tries, args }) => [tries.attempts, tries.firstPause, args[1]])).toEqual(
      attempts === 4
        ? []
        : [[4 - attempts, 60_000, { causeId: eventId, round: 1, attemptsBefore: attempts }]],
    );
    expect(world.calls.at(-1)).toMatchObject({ name: 'giveUp', args: [{}, { causeId: eventId, round: 1 }] });
  },
);
