import { expect, test } from 'vitest';
import type { NotificationInHand } from '../../db/notification/notification-row.js';
import type { CorrelationId, EventId } from '../../core/event.js';
import type { CustomerId } from '../../schemas/ids.js';
import { brokenByMail } from '../../simulation/rules/notification-rules.js';
import { placement } from '../../simulation/order.js';

const row: NotificationInHand = {
  status: 'SENDING',
  notice: {
    customerId: 'alice' as CustomerId,
    items: placement.items,
    total: placement.total,
    causeId: 'the reservation' as EventId,
    correlationId: 'the request' as CorrelationId,
  },
  round: 1,
  attempts: [
    { round: 1, number: 1, fate: 'REFUSED' },
    { round: 1, number: 2, fate: null },
  ],
  announced: false,
  sentAt: null,
  nextAttemptBy: null,
};

const handOver = (notification: NotificationInHand | undefined, number: number) =>
  brokenByMail(notification, { round: 1, number });

const notUnderWay = ['a mail was handed over by no attempt that is under way'];
const notAnnounced = ['a mail was handed over after a cancellation that did not announce it'];

test.each([
  ['the attempt under way', row, 2, []],
  ['an attempt that has ended', row, 1, notUnderWay],
  ['an attempt that never began', row, 3, notUnderWay],
  ['an attempt of no notification', undefined, 1, notUnderWay],
  ['an old attempt once another got through', { ...row, status: 'SENT' }, 2, []],
  [
    'an attempt announced as uncertain when it was revoked',
    { ...row, status: 'REVOKED', announced: true },
    2,
    [],
  ],
  ['an attempt that was revoked without a word', { ...row, status: 'REVOKED' }, 2, notAnnounced],
] as const)('a mail handed over by %s', (_, notification, number, broken) => {
  expect(handOver(notification, number)).toEqual(broken);
});
