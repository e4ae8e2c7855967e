import type { Attempt, NotificationRow } from '../../db/notification/notification-row.js';
import type { Taken } from '../../core/sweep/sweep-store.js';
import type { AttemptKey } from '../ports.js';
import { rowsOfOrder, type Stored } from '../stored.js';
import type { OrderId } from '../../schemas/ids.js';
import { sagaIdOf } from '../../core/choreography.js';
import { choreography } from '../../schemas/catalogue.js';
import { rule } from './rule.js';
import { timeOf } from './situations.js';
import type { Step } from './step.js';

/** The product owner's: so many attempts a round, and this pause between them, in ms. */
export const ATTEMPTS = 4;
export const RETRY_INTERVAL = 60_000;

/** An attempt is allowed only while nothing says that the mail is out, or must not go out; and its fate is what it met. */
export function notificationRules(step: Step): readonly string[] {
  const { service, was, is } = step;
  if (service !== 'notification' || was === is) return [];
  const [before, after] = [was as NotificationRow, is as NotificationRow];
  const [old, attempts] = [attemptsIn(before), attemptsIn(after)];
  const begun = attempts.slice(old.length);
  return [
    ...begun.flatMap((attempt) => beginningRules(step, before, old, attempt)),
    ...rule(
      old.every(({ round, number }, i) => attempts[i]?.round === round && attempts[i].number === number),
      'the attempts to send were written anew',
    ),
    ...attempts.flatMap((attempt, i) => fateRules(step, old[i], attempt)),
    ...roundRules(step, before, after),
  ];
}

function beginningRules(
  { record, now, isTame }: Step,
  was: NotificationRow,
  old: readonly Attempt[],
  { round, number, fate }: Attempt,
): readonly string[] {
  const isFirst = !old.some((attempt) => attempt.round === round);
  const pause = now - record.attemptBegunAt;
  return [
    ...rule(
      old.every((attempt) => attempt.fate !== 'ACCEPTED'),
      'an attempt to send began although a mail was recorded as sent',
    ),
    ...rule(was.status === 'SENDING', `an attempt to send began while ${was.status}`),
    ...rule(fate === null, 'an attempt to send began with its end'),
    ...rule('round' in was && round === was.round, `an attempt of round ${round} began in another round`),
    ...rule(number >= 1 && number <= ATTEMPTS, `attempt ${number} of a round to send began`),
    ...rule(
      isFirst || !isTame || (pause >= RETRY_INTERVAL && pause < RETRY_INTERVAL + 1_000),
      `an attempt to send began ${pause} ms after the last one`,
    ),
  ];
}

function fateRules(
  { record }: Step,
  was: Attempt | undefined,
  { round, number, fate }: Attempt,
): readonly string[] {
  if (fate === null || was?.fate === fate)
    return rule(was?.fate === undefined || was.fate === fate, 'a fate was forgotten');
  const met = record.mailFates.get(`${round} ${number}`) ?? 'REFUSED';
  return rule(fate === met, `an attempt to send ended ${fate}, and met ${met}`);
}

function roundRules(step: Step, was: NotificationRow, is: NotificationRow): readonly string[] {
  const { record } = step;
  const sends = 'round' in was ? (record.sends.get(was.round) ?? 0) : 0;
  const isRetry = was.status === 'FAILED' && is.status === 'SENDING';
  const round = 'round' in is ? is.round : 1;
  const before = 'round' in was ? was.round : 1;
  const next = 'nextAttemptBy' in is && is.status === 'SENDING' ? is.nextAttemptBy : null;
  return [
    ...rule(
      !(was.status === 'SENDING' && is.status === 'FAILED') || sends >= ATTEMPTS,
      `a round to send was given up after ${sends} attempts`,
    ),
    ...rule(round === before + (isRetry ? 1 : 0), `round ${round} follows round ${before}`),
    ...rule(
      next === null ||
        (!isRetry && next === ('nextAttemptBy' in was ? was.nextAttemptBy : 0)) ||
        next >= timeOf(step) + RETRY_INTERVAL,
      'an attempt to send is due before its pause is over',
    ),
    ...rule(is.status !== 'SENT' || ('sentAt' in is && is.sentAt !== null), 'it is sent at no time'),
  ];
}

const attemptsIn = (row: NotificationRow): readonly Attempt[] => ('attempts' in row ? row.attempts : []);

/**
 * What must hold when a mail is handed over, perhaps by a worker that was taken for dead: the attempt is on record
 * and has not ended, and a cancellation recorded since has announced that a mail may go out (R9).
 */
export function brokenByMail(
  notification: NotificationRow | undefined,
  { round, number }: AttemptKey,
): readonly string[] {
  const attempts = notification ? attemptsIn(notification) : [];
  const attempt = attempts.find((begun) => begun.round === round && begun.number === number);
  const isAnnounced = notification && 'announced' in notification && notification.announced;
  return [
    ...rule(attempt?.fate === null, 'a mail was handed over by no attempt that is under way'),
    ...rule(
      notification?.status !== 'REVOKED' || isAnnounced === true,
      'a mail was handed over after a cancellation that did not announce it',
    ),
  ];
}

/**
 * A sweep leaves a notification alone while attempts begin regularly: it would begin another one beside them.
 * `sinceAttempt` is how long ago the last one began, in ms.
 */
export function brokenBySweep(
  stored: Stored,
  orderId: OrderId,
  { sagas }: Taken,
  sinceAttempt: number,
): readonly string[] {
  const mustPublish = [...stored.journal.values()].some(
    ({ event, deliveredTo }) =>
      event.type.startsWith('OrderCompleted') &&
      deliveredTo === null &&
      sagaIdOf(choreography, event) === orderId,
  );
  const isLook = sagas.some(({ sagaId, unhandled }) => sagaId === orderId && unhandled.length === 0);
  const isSending = rowsOfOrder(stored, orderId).notification?.status === 'SENDING';
  return rule(
    !isLook || mustPublish || !isSending || sinceAttempt > RETRY_INTERVAL,
    `a sweep looked at a notification whose last attempt began ${sinceAttempt / 1_000} s before`,
  );
}
