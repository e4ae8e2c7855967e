import { expect, test } from 'vitest';
import { marksOf, toneOf } from '../../dashboard/story/marks.js';
import { participantsOf, hasStarted } from '../../dashboard/story/participants.js';
import { addMessage, storyOf } from '../../dashboard/story/story.js';
import { storyUntil } from '../../dashboard/story/until.js';
import { eventTypes } from '../../schemas/catalogue.js';
import {
  at,
  attempt,
  completedStory,
  idOf,
  message,
  moment,
  openStory,
  parkedStory,
  paymentTimeoutStory,
  refundedStory,
  reservationTimeoutStory,
  status,
} from './stories.js';

const kindsOf = (messages: typeof completedStory) => marksOf(storyOf(messages)).map(({ kind }) => kind);

test('a completed order: every event and status once, in order of time', () => {
  const marks = marksOf(storyOf(completedStory));
  expect(marks.map((mark) => (mark.kind === 'event' ? mark.event.type : mark.kind))).toEqual([
    'status',
    'OrderCreatedEvent',
    'PaymentCompletedEvent',
    'status',
    'InventoryReservedEvent',
    'status',
    'attempt',
    'OrderCompletedNotificationSentEvent',
    'status',
  ]);
  expect(marks.map((mark) => mark.at)).toEqual(
    marks.map((mark) => mark.at).toSorted((one, other) => one - other),
  );
});

test('repeated messages, as after a reconnect, change nothing', () => {
  const once = storyOf(completedStory);
  const twice = completedStory.reduce(addMessage, once);
  expect(marksOf(twice)).toEqual(marksOf(once));
  expect(twice.deliveries).toEqual(once.deliveries);
});

test('an attempt is one mark, before and after it has ended', () => {
  const begun = storyOf([attempt(1, 750)]);
  const ended = addMessage(begun, attempt(1, 750, [820, 'REFUSED']));
  expect(marksOf(begun)).toMatchObject([{ kind: 'attempt', attempt: { fate: null } }]);
  expect(marksOf(ended)).toMatchObject([{ kind: 'attempt', attempt: { fate: 'REFUSED' } }]);
});

test('an event is on its way until all subscribers have it', () => {
  const [, created] = marksOf(storyOf(completedStory.slice(0, 3)));
  expect(created).toMatchObject({ kind: 'event', deliveredAt: null });
  const [, arrived] = marksOf(storyOf(completedStory.slice(0, 4)));
  expect(arrived).toMatchObject({ kind: 'event', deliveredAt: moment(60) });
});

test('drops, quarantined signals, operators and attention are marks of their own', () => {
  const extra = [
    message('dropped', {
      service: 'payment',
      eventId: idOf('reserved'),
      why: 'REPEAT',
      seen: 1,
      at: at(950),
    }),
    message('dropped', {
      service: 'payment',
      eventId: idOf('reserved'),
      why: 'REPEAT',
      seen: 2,
      at: at(960),
    }),
    message('quarantined', {
      service: 'inventory',
      id: 7,
      signalName: 'Nonsense',
      reason: 'UNKNOWN_EVENT',
      seen: 1,
      at: at(970),
    }),
    message('operator', { operator: 'Mina', action: 'NOTIFICATION_RETRY', outcome: 'ACCEPTED', at: at(980) }),
  ];
  const marks = marksOf(storyOf([...parkedStory, ...extra]));
  expect(marks.filter(({ kind }) => kind === 'drop')).toMatchObject([{ lane: 'payment', drop: { seen: 2 } }]);
  expect(marks.find(({ kind }) => kind === 'quarantined')).toMatchObject({ lane: 'inventory' });
  expect(marks.find(({ kind }) => kind === 'operator')).toMatchObject({ lane: 'notification' });
  expect(kindsOf(parkedStory)).toContain('parked');
  expect(kindsOf(parkedStory)).toContain('attention');
});

test('the state of each participant follows from the events', () => {
  expect(participantsOf(storyOf(completedStory))).toEqual({
    order: 'COMPLETED',
    payment: 'CONFIRMED',
    inventory: 'RESERVED',
    notification: 'SENT',
  });
  expect(participantsOf(storyOf(refundedStory))).toMatchObject({
    payment: 'REFUNDED',
    inventory: 'REJECTED',
  });
  expect(participantsOf(storyOf(reservationTimeoutStory))).toMatchObject({ inventory: 'RELEASED' });
  expect(participantsOf(storyOf(parkedStory))).toMatchObject({ notification: 'FAILED' });
  expect(participantsOf(storyOf([]))).toMatchObject({ order: 'ACCEPTED' });
});

test('a final order no longer needs the services that it has not asked', () => {
  expect(participantsOf(storyOf(refundedStory))).toMatchObject({ notification: 'NOT_NEEDED' });
  expect(participantsOf(storyOf(paymentTimeoutStory))).toMatchObject({
    payment: 'NOTHING',
    inventory: 'NOT_NEEDED',
    notification: 'NOT_NEEDED',
  });
  const givenUp = status('OUT_OF_STOCK', 10 * 60_000, { reason: 'SAGA_TIMEOUT' });
  expect(participantsOf(storyOf([...openStory, givenUp]))).toMatchObject({
    inventory: 'NOTHING',
    notification: 'NOT_NEEDED',
  });
  expect(participantsOf(storyOf(openStory))).toMatchObject({ notification: 'NOTHING' });
});

test('a participant has started once an event was sent to it', () => {
  const story = storyOf(refundedStory);
  expect(hasStarted(story, 'inventory')).toBe(true);
  expect(hasStarted(story, 'notification')).toBe(false);
});

test('a replay shows what was known at a moment, and nothing that came later', () => {
  const story = storyUntil(storyOf(completedStory), moment(760));
  expect(story.statuses.at(-1)?.status).toBe('INVENTORY_RESERVED');
  expect(story.attempts).toMatchObject([{ number: 1, endedAt: null, fate: null }]);
  expect(story.deliveries.has(idOf('reserved'))).toBe(true);
  expect(story.deliveries.has(idOf('told'))).toBe(false);
  const end = storyUntil(storyOf(completedStory), moment(10_000));
  expect(marksOf(end)).toEqual(marksOf(storyOf(completedStory)));
});

test('every event type is progress, a failure or a compensation', () => {
  const tones = Object.fromEntries(eventTypes.map((type) => [type, toneOf(type)]));
  expect(tones).toMatchObject({
    OrderCreatedEvent: 'forward',
    InventoryReservationFailedEvent: 'failure',
    PaymentCancelledEvent: 'compensation',
    OrderCancelledEvent: 'compensation',
  });
});
