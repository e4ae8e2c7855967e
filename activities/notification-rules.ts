import { change, NO_EFFECT } from '../core/activity/decision.js';
import { causeOf, type EpochMillis } from '../core/event.js';
import type {
  Attempt,
  Fate,
  Notice,
  NotificationInHand,
  NotificationRow,
  RecordRetry,
} from '../db/notification/notification-row.js';
import type { Decision, EmittedEvent, EventFor, SagaEvent } from '../schemas/event.js';

export type NotificationDecision = Decision<NotificationRow, RecordRetry, void>;

/**
 * Notification's decision table, as far as events go: what its row says against each. `nextAttemptBy` is when the first
 * attempt, and the pause after it, must be over.
 */
export function decideNotification(
  row: NotificationRow,
  event: EventFor<'notification'>,
  nextAttemptBy: EpochMillis,
): NotificationDecision {
  switch (event.type) {
    case 'InventoryReservedEvent':
      return row.status === 'NOTHING' ? change(firstRound(event, nextAttemptBy)) : NO_EFFECT;
    case 'PaymentCancelledEvent':
      return revoke(row, event);
  }
}

/** An attempt is about to send. It may only if this commits and leaves the row SENDING. */
export function beginAttempt(
  row: NotificationRow,
  attempt: Attempt,
  nextAttemptBy: EpochMillis,
): NotificationDecision {
  if (row.status !== 'SENDING' || row.round !== attempt.round) return NO_EFFECT;
  return change({ ...row, nextAttemptBy, attempts: [...row.attempts, attempt] });
}

/** An attempt has ended, perhaps long after everybody stopped waiting for it. */
export function endAttempt(
  row: NotificationRow,
  ended: Attempt & { readonly fate: Fate },
  now: EpochMillis,
): NotificationDecision {
  if (row.status === 'NOTHING' || row.notice === null) return NO_EFFECT;
  const attempts = row.attempts.map((attempt) => (isSame(attempt, ended) ? ended : attempt));
  const known: NotificationInHand = { ...row, attempts };
  if (ended.fate !== 'ACCEPTED') return change(known);
  const sent: NotificationInHand = { ...known, announced: true, sentAt: row.sentAt ?? now };
  const emit = row.announced ? undefined : sentEvent(known);
  return change(row.status === 'REVOKED' ? sent : { ...sent, status: 'SENT' }, emit);
}

/** All attempts of a round are used up. Only the first round says so by an event. */
export function giveUp(row: NotificationRow, round: number): NotificationDecision {
  if (row.status !== 'SENDING' || row.round !== round) return NO_EFFECT;
  const failed: NotificationInHand = { ...row, status: 'FAILED' };
  if (round > 1) return change(failed);
  const { causeId, correlationId } = row.notice;
  return change(failed, {
    type: 'OrderCompletedNotificationFailedEvent',
    data: { attempts: attemptsIn(row) },
    cause: { eventId: causeId, correlationId },
  });
}

/** An operator's retry, put on record first: a failed notification gets another round, a sent one stays sent. */
export const retry = (
  row: NotificationRow,
  request: Omit<RecordRetry, 'kind'>,
  nextAttemptBy: EpochMillis,
): NotificationDecision => ({
  kind: 'do',
  command: { kind: 'record', ...request },
  onResult: () =>
    row.status === 'FAILED'
      ? change({ ...row, status: 'SENDING', round: row.round + 1, nextAttemptBy })
      : NO_EFFECT,
});

/**
 * The number of the last attempt that the present round has begun, 0 where it has begun none. It may be more than there
 * are on record: an attempt counts for Temporal, too, that could not be recorded and so sent nothing.
 */
export const attemptsIn = (row: NotificationInHand): number =>
  Math.max(0, ...row.attempts.filter(({ round }) => round === row.round).map(({ number }) => number));

function firstRound(event: SagaEvent<'InventoryReservedEvent'>, nextAttemptBy: EpochMillis): NotificationRow {
  const { customerId, items, total, eventId, correlationId } = event.payload;
  const notice: Notice = { customerId, items, total, causeId: eventId, correlationId };
  return { status: 'SENDING', notice, round: 1, attempts: [], announced: false, sentAt: null, nextAttemptBy };
}

/** R9: what may have gone out is announced as uncertain. */
function revoke(row: NotificationRow, event: SagaEvent<'PaymentCancelledEvent'>): NotificationDecision {
  switch (row.status) {
    case 'NOTHING':
      return change({ status: 'REVOKED', notice: null });
    case 'SENDING':
    case 'FAILED':
      return row.attempts.some(isFateUnknown)
        ? change({ ...row, status: 'REVOKED', announced: true }, uncertainEvent(row, event))
        : change({ ...row, status: 'REVOKED' });
    case 'SENT':
    case 'REVOKED':
      return NO_EFFECT;
  }
}

const isFateUnknown = ({ fate }: Attempt): boolean => fate === null || fate === 'UNKNOWN';

const isSame = (one: Attempt, other: Attempt): boolean =>
  one.round === other.round && one.number === other.number;

const sentEvent = ({ notice, attempts }: NotificationInHand): EmittedEvent => ({
  type: 'OrderCompletedNotificationSentEvent',
  data: { uncertain: false, attempts: attempts.length },
  cause: { eventId: notice.causeId, correlationId: notice.correlationId },
});

const uncertainEvent = (
  { attempts }: NotificationInHand,
  event: SagaEvent<'PaymentCancelledEvent'>,
): EmittedEvent => ({
  type: 'OrderCompletedNotificationSentEvent',
  data: { uncertain: true, attempts: attempts.length },
  cause: causeOf(event),
});
