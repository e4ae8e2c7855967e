import { expect, test } from 'vitest';
import { feedMessages } from '../../api/feed/messages.js';
import { feedKinds } from '../../dashboard/feed/messages.js';
import {
  completedStory,
  message,
  at,
  idOf,
  parkedStory,
  paymentTimeoutStory,
  refundedStory,
  reservationTimeoutStory,
} from './stories.js';

test('the stories of these tests consist of messages that the feed could send', () => {
  const told = [
    ...completedStory,
    ...refundedStory,
    ...reservationTimeoutStory,
    ...paymentTimeoutStory,
    ...parkedStory,
    message('dropped', {
      service: 'payment',
      eventId: idOf('reserved'),
      why: 'REPEAT',
      seen: 1,
      at: at(950),
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
  for (const { kind, data } of told) expect(feedMessages[kind].safeParse(data).error).toBeUndefined();
  expect(new Set(told.map(({ kind }) => kind)).size).toBe(feedKinds.length);
});
