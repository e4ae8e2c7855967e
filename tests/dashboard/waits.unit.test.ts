import { expect, test } from 'vitest';
import { storyOf } from '../../dashboard/story/story.js';
import { waitsOf } from '../../dashboard/story/waits.js';
import {
  attempt,
  completedStory,
  message,
  moment,
  at,
  notification,
  openStory,
  parkedStory,
  paymentTimeoutStory,
  refundedStory,
  reservationTimeoutStory,
} from './stories.js';

const waitsIn = (messages: typeof completedStory) =>
  Object.fromEntries(waitsOf(storyOf(messages)).map((wait) => [wait.key, wait]));
const MINUTE = 60_000;

test('a paid order: the payment wait is answered, the two others run on to their deadlines', () => {
  expect(waitsIn(openStory)).toMatchObject({
    payment: { lane: 'order', end: 'answered', endedAt: moment(400), dueAt: moment(5 * MINUTE) },
    saga: { lane: 'order', end: 'open', endedAt: null, dueAt: moment(10 * MINUTE) },
    reservation: { lane: 'payment', end: 'open', begunAt: moment(300), dueAt: moment(3 * MINUTE) },
  });
});

test('a final order has no open wait', () => {
  for (const story of [completedStory, refundedStory, paymentTimeoutStory, reservationTimeoutStory])
    expect(waitsOf(storyOf(story)).filter(({ end }) => end === 'open')).toEqual([]);
});

test('the reservation wait ends with any result, good or bad', () => {
  expect(waitsIn(completedStory)['reservation']).toMatchObject({ end: 'answered', endedAt: moment(600) });
  expect(waitsIn(refundedStory)['reservation']).toMatchObject({ end: 'answered', endedAt: moment(600) });
});

test('a wait without a result has run out', () => {
  expect(waitsIn(paymentTimeoutStory)['payment']).toMatchObject({
    end: 'ran out',
    endedAt: moment(5 * MINUTE),
  });
  const waits = waitsIn(reservationTimeoutStory);
  expect(waits['reservation']).toMatchObject({ end: 'ran out', endedAt: moment(3 * MINUTE) });
  expect(waits['payment']).toMatchObject({ end: 'answered' });
});

test('past its deadline the saga wait has run out, though the order goes on', () => {
  const overdue = message('attention', {
    code: 'NOTIFICATION_OVERDUE',
    since: at(10 * MINUTE),
    clearedAt: null,
  });
  const waits = waitsIn([...completedStory.slice(0, 10), overdue]);
  expect(waits['saga']).toMatchObject({ end: 'ran out', endedAt: moment(10 * MINUTE) });
});

test('between two attempts there is a pause, which ends with the next attempt', () => {
  const waits = waitsIn(parkedStory);
  expect(waits['pause 1.1']).toMatchObject({
    lane: 'notification',
    begunAt: moment(800),
    endedAt: moment(60_800),
    end: 'answered',
  });
  // There is no pause after the last attempt of a round.
  expect(waits['pause 1.2']).toBeUndefined();
});

test('the length of a pause is guessed from the one before', () => {
  const story = [...completedStory.slice(0, 11), attempt(1, 750, [800, 'REFUSED'])];
  expect(waitsIn(story)['pause 1.1']).toMatchObject({ end: 'open', dueAt: null });
  const second = [...story, attempt(2, 60_800, [60_900, 'REFUSED'])];
  expect(waitsIn(second)['pause 1.2']).toMatchObject({ end: 'open', dueAt: moment(120_900) });
  const revoked = [...second, notification('REVOKED', 61_000)];
  expect(waitsIn(revoked)['pause 1.2']).toBeUndefined();
});
