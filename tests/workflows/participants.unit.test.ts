import { expect, test } from 'vitest';
import type { Mailbox } from '../../core/workflow/mailbox.js';
import type { AnyParticipant } from '../../core/workflow/participant.js';
import { runParticipant } from '../../core/workflow/runtime.js';
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

/** What a participant that waits makes of an event. */
const effects: Readonly<Partial<Record<Service, Readonly<Partial<Record<EventType, string>>>>>> = {
  order: {
    PaymentCompletedEvent: 'markPaid',
    PaymentFailedEvent: 'markUnpaid',
    InventoryReservedEvent: 'markReserved',
    PaymentCancelledEvent: 'markRefunded',
    OrderCompletedNotificationSentEvent: 'complete',
    OrderCompletedNotificationFailedEvent: 'callForAttention',
  },
  payment: {
    InventoryReservedEvent: 'confirm',
    InventoryReservationFailedEvent: 'refund',
    OrderCancelledEvent: 'refund',
  },
  notification: { PaymentCancelledEvent: 'revoke' },
};

const participantOf = (service: Service) => participants[service] as unknown as AnyParticipant;

/** A participant whose row is this one until an effect has answered something; then it is over. */
function runFrom(service: Service, row: { readonly status: string }) {
  const ends = ({ args: [, input] }: { readonly args: readonly unknown[] }) =>
    input === null ? { row, unpublished: [] } : { row: { status: 'OVER' }, unpublished: [] };
  const world = scripted(ends, { choreography, service });
  return { ...world, ended: runParticipant(world.host, participantOf(service)) };
}

const untilItWaits = (timers: readonly unknown[]) =>
  expect.poll(() => timers.length, { interval: 1 }).toBe(1);

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
  await untilItWaits(timers);
  mailbox.deliver(type, [{ eventId }]);
  await ended;
  expect(calls.map(({ name }) => name)).toEqual(['look', effects[service]?.[type]]);
  expect(calls[1]?.args[1]).toEqual({ type, payload: { eventId } });
});

const timed = cases.filter(([service, row], index) => {
  const isFirst = cases.findIndex(([other, same]) => other === service && same === row) === index;
  return isFirst && 'waitCauseId' in row && !('overdue' in row && row.overdue);
});

test.each(timed)('%s, %o, asks its row once its wait is over, and not before', async (service, row) => {
  const { calls, clock, timers, ended } = runFrom(service, row);
  await untilItWaits(timers);
  const due = row.status === 'PAYMENT_COMPLETED' || row.status === 'INVENTORY_RESERVED' ? later + 1 : later;
  expect(timers[0]?.ms).toBe(due - NOW);
  clock.now = due;
  await ended;
  expect(calls[1]).toMatchObject({
    name: service === 'order' ? 'cancel' : 'refund',
    args: [{}, { type: 'TIMEOUT', causeId: eventId }],
  });
});

test.each([
  ['PENDING_PAYMENT', false, 'the payment'],
  ['PAYMENT_COMPLETED', false, 'the reservation'],
  ['INVENTORY_RESERVED', false, 'the notification'],
  ['INVENTORY_RESERVED', true, 'the notification'],
] as const)(
  'order, %s, overdue: %s: the Web UI shows that it waits for %s',
  async (status, overdue, what) => {
    const row = { ...placed, status, overdue };
    const { mailbox, timers, told, ended } = runFrom('order', row);
    await untilItWaits(timers);
    expect(told).toEqual([`waiting for ${what}`]);
    mailbox.deliver('PaymentFailedEvent', [{ eventId }]);
    await ended;
  },
);

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

const found = (row: object) => ({ row, unpublished: [] });

/** A participant that is over as soon as an effect has ended, unless that effect has an answer of its own. */
function runWith(service: Service, answers: Readonly<Record<string, (mailbox: Mailbox) => unknown>> = {}) {
  const over = () => found({ status: 'OVER' });
  const world = scripted(({ name }) => (answers[name] ?? over)(world.mailbox), { choreography, service });
  return { ...world, run: () => runParticipant(world.host, participantOf(service)) };
}

const beginnings = [
  ['payment', 'OrderCreatedEvent', 'charge'],
  ['inventory', 'PaymentCompletedEvent', 'reserve'],
  ['notification', 'InventoryReservedEvent', 'prepare'],
] as const;

test.each(beginnings)('%s: %s begins it, and asks for one thing: %s', async (service, type, effect) => {
  const { mailbox, calls, run } = runWith(service);
  mailbox.deliver(type, [{ eventId }]);
  await run();
  expect(calls).toMatchObject([{ name: effect, args: [{}, { type, payload: { eventId } }] }]);
});

test.each(services)('%s: where nothing has come, its row is looked at', async (service) => {
  const { calls, run } = runWith(service);
  expect(await run()).toEqual({ status: 'OVER', reason: null });
  expect(calls).toMatchObject([{ kind: 'local', name: 'look', args: [{}, null] }]);
});

test.each(beginnings)('%s: %s begins it also when it is about to close', async (service, type, effect) => {
  const look = (mailbox: Mailbox) => {
    mailbox.deliver(type, [{ eventId }]);
    return found({ status: 'NOTHING' });
  };
  const { calls, run } = runWith(service, { look });
  await run();
  expect(calls.map(({ name }) => name)).toEqual(['look', effect]);
});

test.each(beginnings.slice(0, 2))(
  '%s: what %s asks for is tried once, and made void where nobody knows',
  async (service, begins, effect) => {
    const { mailbox, calls, run } = runWith(service, { [effect]: failed });
    mailbox.deliver(begins, [{ eventId }]);
    await run();
    expect(calls.map(({ kind, name }) => `${kind} ${name}`)).toEqual([`local ${effect}`, 'local void']);
  },
);

const toSend = () => found({ status: 'SENDING', ...notice, attempts: 0 });

test.each([0, 2, 4])(
  'notification: of four attempts, %i begun, the others are asked for',
  async (attempts) => {
    const { calls, run } = runWith('notification', {
      look: () => found({ status: 'SENDING', ...notice, attempts }),
      send: failed,
    });
    await run();
    const sends = calls.filter(({ name }) => name === 'send');
    expect(sends.map(({ tries, args }) => [tries.attempts, tries.firstPause, args[1]])).toEqual(
      attempts === 4
        ? []
        : [[4 - attempts, 60_000, { causeId: eventId, round: 1, attemptsBefore: attempts }]],
    );
    expect(calls.at(-1)).toMatchObject({ name: 'giveUp', args: [{}, { causeId: eventId, round: 1 }] });
  },
);

test('notification: what was sent is not given up', async () => {
  const { calls, run } = runWith('notification', { look: toSend });
  await run();
  expect(calls.map(({ name }) => name)).toEqual(['look', 'send']);
});

test('notification: a cancellation stops the attempts, and takes back what they began', async () => {
  const send = async (mailbox: Mailbox) => {
    mailbox.deliver('PaymentCancelledEvent', [{ eventId }]);
    await expect.poll(stops, { interval: 1 }).toBe(1);
    return failed();
  };
  const { calls, stops, run } = runWith('notification', { look: toSend, send });
  await run();
  expect(calls.map(({ name }) => name)).toEqual(['look', 'send', 'revoke']);
});

test('notification: parked, it goes on when an operator asks for a retry', async () => {
  const { host, calls, ended } = runFrom('notification', { status: 'FAILED', ...notice });
  await expect.poll(() => host.gate.isOpen, { interval: 1 }).toBe(true);
  host.gate.request('a key', 'olga');
  await ended;
  expect(calls.map(({ name }) => name)).toEqual(['look', 'retry']);
  expect(calls[1]?.args[1]).toEqual({ type: 'RETRY', key: 'a key', operator: 'olga' });
});
