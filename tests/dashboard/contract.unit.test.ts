import { expect, test } from 'vitest';
import type { z } from 'zod';
import type { allFaultsDocument, faultChangesPage } from '../../api/faults/fault-documents.js';
import { feedMessages } from '../../api/feed/messages.js';
import type { operatorAction } from '../../api/operators/operator-actions.js';
import type { orderDocument } from '../../api/order/order-document.js';
import type { statsDocument } from '../../api/monitoring/stats-document.js';
import type { OperatorAction, Order, Page } from '../../dashboard/api/documents.js';
import type { AllFaults, FaultChange } from '../../dashboard/faults/faults-api.js';
import { feedKinds } from '../../dashboard/feed/messages.js';
import type { Stats } from '../../dashboard/monitoring/documents.js';
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

/** Compiles only as long as the API's answers have all that the page reads of them. */
export const read = {
  order: (shown: z.output<typeof orderDocument>): Order => shown,
  faults: (shown: z.output<typeof allFaultsDocument>): AllFaults => shown,
  faultChanges: (shown: z.output<typeof faultChangesPage>): Page<'faultChanges', FaultChange> => shown,
  stats: (shown: z.output<typeof statsDocument>): Stats => shown,
  operatorAction: (shown: z.output<typeof operatorAction>): OperatorAction => shown,
};

test('the page listens to every kind of message that the feed has', () => {
  expect([...feedKinds, 'reset'].toSorted()).toEqual(Object.keys(feedMessages).toSorted());
});

test('the stories of these tests are made of messages as the feed sends them', () => {
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
