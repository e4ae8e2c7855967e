import { v5 } from 'uuid';
import { IdempotentConsumer } from '../core/activity/consumer.js';
import {
  ATTEMPT_TIMEOUT_MS,
  type Effect,
  type EffectContext,
  type EffectResult,
  type SharedEffects,
} from '../core/activity/effect.js';
import type { EpochMillis, EventId } from '../core/event.js';
import type { RetryRequest } from '../core/workflow/retry-gate.js';
import type {
  Attempt,
  Fate,
  NotificationInHand,
  NotificationRow,
  RecordRetry,
} from '../db/notification/notification-row.js';
import type { NotificationStore } from '../db/notification/notifications.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { CustomerId, OrderId } from '../schemas/ids.js';
import { contract } from '../schemas/registry.js';
import { MailNotTaken, type SendMail } from './mail.js';
import {
  attemptsIn,
  beginAttempt,
  decideNotification,
  endAttempt,
  giveUp,
  retry,
} from './notification-rules.js';
import { orderMail } from './order-mail.js';

/** What the notification participant sees of its row. */
export type Notification =
  | { readonly status: 'NOTHING' | 'SENT' | 'REVOKED' }
  | {
      readonly status: 'SENDING' | 'FAILED';
      readonly causeId: EventId;
      readonly round: number;
      /** Attempts begun in this round; the next one has the number after. */
      readonly attempts: number;
      readonly maxAttempts: number;
      readonly retryIntervalMs: number;
    };

/** `attemptsBefore` counts the attempts that this round had begun before Temporal began to count. */
export interface SendInput {
  readonly causeId: EventId;
  readonly round: number;
  readonly attemptsBefore: number;
}

export interface NotificationEffects extends SharedEffects<Notification> {
  /** Opens the first round of attempts. */
  prepare: Effect<SagaEvent<'InventoryReservedEvent'>, Notification>;
  /** One attempt to tell the customer. Throws when it was refused, or when its fate is unknown. */
  send: Effect<SendInput, Notification>;
  /** All attempts of the round are used up: the notification has failed, and needs an operator. */
  giveUp: Effect<Pick<SendInput, 'causeId' | 'round'>, Notification>;
  /** An operator's retry: another round, unless the mail went out after all. */
  retry: Effect<RetryRequest, Notification>;
  /** Compensation: nothing more is sent; what may have gone out is announced as uncertain (R9). */
  revoke: Effect<SagaEvent<'PaymentCancelledEvent'>, Notification>;
}

export interface NotificationSettings {
  readonly maxRetries: number;
  readonly retryIntervalMs: number;
}

export interface NotificationDependencies {
  readonly store: NotificationStore;
  readonly findEmail: (customerId: CustomerId) => Promise<string | undefined>;
  readonly sendMail: SendMail;
  /** Which of Temporal's attempts this is, from 1. */
  readonly attemptNumber: () => number;
  /** When Temporal scheduled this attempt, by its own clock: the workflow's stands still while Temporal tries again. */
  readonly scheduledAt: () => EpochMillis;
  readonly pause: (ms: number) => Promise<void>;
}

const RETRIES = 'a3a4a3f5-5a0e-4c53-9a0c-7d5b4c3f6b52';

/**
 * The id of a retry in the inbox and on record. Whoever sends an Update chooses its id, so as it is it could be that of
 * a retry of another order, or of an event that is still to come, which would then be dropped as a repeat.
 */
const retryIdOf = (orderId: OrderId, { key }: RetryRequest): string => v5(`${orderId}\n${key}`, RETRIES);

type NotificationConsumer = IdempotentConsumer<NotificationRow, Notification, RecordRetry, void>;

export function createNotificationEffects(
  dependencies: NotificationDependencies,
  settings: NotificationSettings,
): NotificationEffects {
  const consumer: NotificationConsumer = new IdempotentConsumer(contract, dependencies.store, (row) =>
    viewNotification(row, settings),
  );
  /** An attempt may begin just now, take its whole time, and then there is the pause. */
  const nextAttemptBy = (now: EpochMillis) =>
    (now + ATTEMPT_TIMEOUT_MS + settings.retryIntervalMs) as EpochMillis;
  const decide = (
    context: EffectContext,
    input: EventFor<'notification'>,
  ): Promise<EffectResult<Notification>> =>
    consumer.consume(context, input, (row, event, now) => decideNotification(row, event, nextAttemptBy(now)));
  return {
    ...consumer.sharedEffects,
    prepare: decide,
    send: (context, input) => send(consumer, { ...dependencies, nextAttemptBy }, context, input),
    giveUp: (context, { causeId, round }) =>
      consumer.apply(context, {
        key: `${causeId}:${round}:give up`,
        decide: (row) => giveUp(row, round),
      }),
    retry: (context, request) => {
      const actionId = retryIdOf(context.sagaId, request);
      return consumer.apply(context, {
        key: actionId,
        decide: (row, now) => retry(row, { actionId, operator: request.operator }, nextAttemptBy(now)),
      });
    },
    revoke: decide,
  };
}

interface NextAttempt {
  /** When the next attempt is due, if one may begin now. */
  readonly nextAttemptBy: (now: EpochMillis) => EpochMillis;
}

/** Each attempt commits "attempt begun" before it sends, and its fate afterwards (R9). */
async function send(
  consumer: NotificationConsumer,
  dependencies: NotificationDependencies & NextAttempt,
  given: EffectContext,
  { causeId, round, attemptsBefore }: SendInput,
): Promise<EffectResult<Notification>> {
  const context = { ...given, now: Math.max(given.now, dependencies.scheduledAt()) as EpochMillis };
  const attempt: Attempt = { round, number: attemptsBefore + dependencies.attemptNumber(), fate: null };
  const key = `${causeId}:${attempt.round}:${attempt.number}`;
  const begun = await begin(consumer, dependencies, context, attempt, key);
  if (!begun) return consumer.look(context);
  try {
    await handOver(dependencies, context.sagaId, begun);
  } catch (error) {
    // What fails before the mail is handed over has certainly sent nothing.
    const refused = !(error instanceof MailNotTaken) || error.isRefusal;
    await end(consumer, context, { ...attempt, fate: refused ? 'REFUSED' : 'UNKNOWN' }, key);
    throw error;
  }
  return endAccepted(consumer, dependencies, context, attempt, key);
}

/** The row before the attempt, or undefined where none may begin: it was cancelled, or another got through. */
async function begin(
  consumer: NotificationConsumer,
  { nextAttemptBy }: NextAttempt,
  context: EffectContext,
  attempt: Attempt,
  key: string,
): Promise<NotificationInHand | undefined> {
  const begun = await consumer.claim(context, {
    key: `${key}:begin`,
    decide: (row, now) => beginAttempt(row, attempt, nextAttemptBy(now)),
  });
  return begun?.status === 'SENDING' ? begun : undefined;
}

async function handOver(
  { findEmail, sendMail }: NotificationDependencies,
  orderId: OrderId,
  { notice }: NotificationInHand,
): Promise<void> {
  const email = await findEmail(notice.customerId);
  if (email === undefined) throw new MissingContact(notice.customerId);
  try {
    await sendMail(orderMail(email, orderId, notice));
  } catch (error) {
    throw new MailNotTaken(error);
  }
}

const end = (
  consumer: NotificationConsumer,
  context: EffectContext,
  attempt: Attempt & { readonly fate: Fate },
  key: string,
): Promise<EffectResult<Notification>> =>
  consumer.apply(context, { key: `${key}:end`, decide: (row, now) => endAttempt(row, attempt, now) });

/** The mail has gone out: a short outage of the database must not send it again. */
async function endAccepted(
  consumer: NotificationConsumer,
  { pause }: NotificationDependencies,
  context: EffectContext,
  attempt: Attempt,
  key: string,
): Promise<EffectResult<Notification>> {
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      return await end(consumer, context, { ...attempt, fate: 'ACCEPTED' }, key);
    } catch (error) {
      if (triesLeft === 1) throw error;
      await pause(1_000);
    }
  }
}

/** Nobody knows where to reach the customer: a refused attempt. */
class MissingContact extends Error {
  override readonly name = 'MissingContact';
  constructor(customerId: CustomerId) {
    super(`no contact for customer ${customerId}`);
  }
}

function viewNotification(
  row: NotificationRow = { status: 'NOTHING' },
  { maxRetries, retryIntervalMs }: NotificationSettings,
): Notification {
  switch (row.status) {
    case 'NOTHING':
    case 'SENT':
    case 'REVOKED':
      return { status: row.status };
    case 'SENDING':
    case 'FAILED':
      return {
        status: row.status,
        causeId: row.notice.causeId,
        round: row.round,
        attempts: attemptsIn(row),
        maxAttempts: maxRetries + 1,
        retryIntervalMs,
      };
  }
}
