import { describe, expect, test } from 'vitest';
import {
  attemptsIn,
  beginAttempt,
  decideNotification,
  endAttempt,
  giveUp,
  retry,
} from '../../activities/notification-rules.js';
import type { EpochMillis } from '../../core/event.js';
import type {
  Attempt,
  Fate,
  NotificationInHand,
  NotificationRow,
} from '../../db/notification/notification-row.js';
import { causedBy, changeOf, HAPPENED, received } from './received.js';

const NOTHING: NotificationRow = { status: 'NOTHING' };
const now = (HAPPENED + 1_000) as EpochMillis;
const nextAttemptBy = (now + 90_000) as EpochMillis;

const reserved = received('InventoryReservedEvent');
const { customerId, items, total, eventId, correlationId } = reserved.payload;
const notice = { customerId, items, total, causeId: eventId, correlationId };
const cancelled = received('PaymentCancelledEvent');

const sending: NotificationInHand = {
  ...{ status: 'SENDING', notice, round: 1, attempts: [], announced: false, sentAt: null },
  nextAttemptBy,
};

const attempt = (round: number, number: number, fate: Fate | null): Attempt => ({ round, number, fate });
const ended = (number: number, fate: Fate, round = 1) => ({ round, number, fate });

const announcement = (attempts: number) => ({
  type: 'OrderCompletedNotificationSentEvent',
  data: { uncertain: false, attempts },
  cause: { eventId, correlationId },
});

test('a reservation opens the first round, with all that the mail has to say', () => {
  expect(decideNotification(NOTHING, reserved, nextAttemptBy)).toEqual({ kind: 'change', row: sending });
  expect(decideNotification(sending, reserved, nextAttemptBy)).toEqual({ kind: 'none' });
});

test('an attempt is on record before it sends, and moves the time of the next one', () => {
  const later = (nextAttemptBy + 1) as EpochMillis;
  const before = { ...sending, attempts: [attempt(1, 1, 'REFUSED')] };
  expect(beginAttempt(before, attempt(1, 2, null), later)).toEqual({
    kind: 'change',
    row: { ...before, nextAttemptBy: later, attempts: [attempt(1, 1, 'REFUSED'), attempt(1, 2, null)] },
  });
});

test.each<[string, NotificationRow]>([
  ['nothing is to be sent', NOTHING],
  ['another round has begun', { ...sending, round: 2 }],
  ['it was sent', { ...sending, status: 'SENT' }],
  ['the round is used up', { ...sending, status: 'FAILED' }],
  ['it was revoked', { ...sending, status: 'REVOKED' }],
])('no attempt begins where %s', (_, row) => {
  expect(beginAttempt(row, attempt(1, 1, null), nextAttemptBy)).toEqual({ kind: 'none' });
});

describe('an attempt that ends', () => {
  const row = { ...sending, attempts: [attempt(1, 1, 'REFUSED'), attempt(1, 2, null)] };

  test('accepted: sent, and announced with the number of attempts', () => {
    expect(endAttempt(row, ended(2, 'ACCEPTED'), now)).toEqual({
      kind: 'change',
      row: {
        ...row,
        status: 'SENT',
        announced: true,
        sentAt: now,
        attempts: [attempt(1, 1, 'REFUSED'), attempt(1, 2, 'ACCEPTED')],
      },
      emit: announcement(2),
    });
  });

  test.each(['REFUSED', 'UNKNOWN'] as const)('%s: its fate is known, and nothing else', (fate) => {
    expect(endAttempt(row, ended(2, fate), now)).toEqual({
      kind: 'change',
      row: { ...row, attempts: [attempt(1, 1, 'REFUSED'), attempt(1, 2, fate)] },
    });
  });

  test('changes the attempt of its own round and number alone', () => {
    const rounds = {
      ...sending,
      round: 2,
      attempts: [attempt(1, 1, null), attempt(2, 1, null), attempt(2, 2, null)],
    };
    expect(changeOf(endAttempt(rounds, ended(1, 'REFUSED', 2), now)).row).toMatchObject({
      attempts: [attempt(1, 1, null), attempt(2, 1, 'REFUSED'), attempt(2, 2, null)],
    });
  });

  test('accepted after the order was refunded: announced, and still revoked', () => {
    const revoked: NotificationInHand = { ...row, status: 'REVOKED' };
    expect(changeOf(endAttempt(revoked, ended(2, 'ACCEPTED'), now))).toMatchObject({
      row: { status: 'REVOKED', announced: true, sentAt: now },
      emit: announcement(2),
    });
  });

  test('accepted when that was announced before: no second announcement, and the first time stays', () => {
    const told: NotificationInHand = { ...row, status: 'SENT', announced: true, sentAt: HAPPENED };
    const again = changeOf(endAttempt(told, ended(2, 'ACCEPTED'), now));
    expect(again).not.toHaveProperty('emit');
    expect(again.row).toMatchObject({ status: 'SENT', sentAt: HAPPENED });
  });

  test('changes nothing where nothing was to be sent', () => {
    for (const nobody of [NOTHING, { status: 'REVOKED', notice: null } as const])
      expect(endAttempt(nobody, ended(1, 'ACCEPTED'), now)).toEqual({ kind: 'none' });
  });
});

describe('a round that is used up', () => {
  const attempts = [1, 2, 3, 4].map((number) => attempt(1, number, 'REFUSED'));

  test('has failed, and the first one says so, with its attempts', () => {
    const row = { ...sending, attempts };
    expect(giveUp(row, 1)).toEqual({
      kind: 'change',
      row: { ...row, status: 'FAILED' },
      emit: {
        type: 'OrderCompletedNotificationFailedEvent',
        data: { attempts: 4 },
        cause: { eventId, correlationId },
      },
    });
  });

  test('says nothing new after the first', () => {
    const row = { ...sending, round: 2, attempts: [...attempts, attempt(2, 1, 'REFUSED')] };
    expect(giveUp(row, 2)).toEqual({ kind: 'change', row: { ...row, status: 'FAILED' } });
    expect(attemptsIn(row)).toBe(1);
  });

  test('counts the attempts of its round by the last number, since one may be missing from the record', () => {
    const attempts = [
      ended(1, 'REFUSED'),
      ended(2, 'REFUSED'),
      ended(1, 'REFUSED', 2),
      ended(3, 'REFUSED', 2),
    ];
    expect(attemptsIn({ ...sending, round: 2, attempts })).toBe(3);
    expect(attemptsIn({ ...sending, round: 3, attempts })).toBe(0);
  });

  test.each<[string, NotificationRow, number]>([
    ['another one runs', { ...sending, round: 2 }, 1],
    ['it was sent', { ...sending, status: 'SENT' }, 1],
    ['there is nothing to send', NOTHING, 1],
  ])('is of no matter where %s', (_, row, round) => {
    expect(giveUp(row, round)).toEqual({ kind: 'none' });
  });
});

test.each([
  ['a failed notification gets another round', 'FAILED', true],
  ['a sent one stays sent', 'SENT', false],
  ['a revoked one stays revoked', 'REVOKED', false],
] as const)('an operator: %s, and who asked is on record', (_, status, isAgain) => {
  const row: NotificationInHand = { ...sending, status };
  const request = { actionId: 'action', operator: 'kim' };
  const later = (nextAttemptBy + 5) as EpochMillis;
  const decision = retry(row, request, later);
  if (decision.kind !== 'do') throw new Error(`expected a command, found ${decision.kind}`);
  expect(decision.command).toEqual({ kind: 'record', ...request });
  expect(decision.onResult()).toEqual(
    isAgain
      ? { kind: 'change', row: { ...row, status: 'SENDING', round: 2, nextAttemptBy: later } }
      : { kind: 'none' },
  );
});

describe('a refund', () => {
  test('before there is anything to send leaves a tombstone', () => {
    expect(decideNotification(NOTHING, cancelled, nextAttemptBy)).toEqual({
      kind: 'change',
      row: { status: 'REVOKED', notice: null },
    });
  });

  test.each(['SENDING', 'FAILED'] as const)(
    'revokes what is %s without a word where all was refused',
    (status) => {
      const row: NotificationInHand = { ...sending, status, attempts: [attempt(1, 1, 'REFUSED')] };
      expect(decideNotification(row, cancelled, nextAttemptBy)).toEqual({
        kind: 'change',
        row: { ...row, status: 'REVOKED' },
      });
    },
  );

  test.each([null, 'UNKNOWN'] as const)('announces as uncertain an attempt whose fate is %s (R9)', (fate) => {
    const row: NotificationInHand = {
      ...sending,
      attempts: [attempt(1, 1, 'REFUSED'), attempt(1, 2, fate), attempt(1, 3, 'REFUSED')],
    };
    expect(decideNotification(row, cancelled, nextAttemptBy)).toEqual({
      kind: 'change',
      row: { ...row, status: 'REVOKED', announced: true },
      emit: {
        type: 'OrderCompletedNotificationSentEvent',
        data: { uncertain: true, attempts: 3 },
        cause: causedBy(cancelled),
      },
    });
  });

  test.each(['SENT', 'REVOKED'] as const)('changes nothing once it is %s', (status) => {
    expect(decideNotification({ ...sending, status }, cancelled, nextAttemptBy)).toEqual({ kind: 'none' });
  });
});
