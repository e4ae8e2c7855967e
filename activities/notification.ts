import type {
  Attempt,
  Fate,
  Notice,
  NotificationInHand,
  NotificationRow,
} from '../db/notification/notification-row.js';
import type { NotificationStore } from '../db/notification/notification-store.js';
import type { CustomerId, EpochMillis, EventId, OrderId } from '../schemas/ids.js';
import { createConsumer } from './consume.js';
import { MailNotTaken, type SendMail } from './mail.js';
import {
  attemptsIn,
  beginAttempt,
  concludeNotification,
  decideNotification,
  endAttempt,
  giveUpOnRound,
  retry,
  type NotificationEvent,
} from './notification-rules.js';
import { orderMail } from './order-mail.js';
import type { Effect, Outcome, PublishActivity, StepContext } from './step.js';

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

export interface RetryInput {
  readonly key: string;
  readonly operator: string;
}

// A type, not an interface: only a type has the index signature that a map of effects needs.
export type NotificationEffects = {
  settle: Effect<NotificationEvent, Notification>;
  /** One attempt to tell the customer. Throws when it was refused, or when its fate is unknown. */
  send: Effect<SendInput, Notification>;
  /** All attempts of the round are used up. */
  giveUp: Effect<{ readonly key: string; readonly round: number }, Notification>;
  /** An operator's retry: another round, unless the mail went out after all. */
  retry: Effect<RetryInput, Notification>;
  look: Effect<null, Notification>;
};

export type NotificationActivities = NotificationEffects & { publish: PublishActivity };

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
  /** The time of this attempt: the workflow's clock stands still while Temporal tries again. */
  readonly clock: () => EpochMillis;
  readonly pause: (ms: number) => Promise<void>;
}

export function createNotificationEffects(
  { store, findEmail, sendMail, attemptNumber, clock, pause }: NotificationDependencies,
  settings: NotificationSettings,
): NotificationEffects {
  const consumer = createConsumer(store, {
    view: (row?: NotificationRow) => viewNotification(row, settings),
    conclude: concludeNotification,
  });

  async function begin(
    context: StepContext,
    attempt: Attempt,
    key: string,
  ): Promise<NotificationInHand | undefined> {
    let begun: NotificationRow | undefined;
    await consumer.apply(context, {
      key: `${key}:begin`,
      decide: (row) => {
        const decision = beginAttempt(row, attempt.round, attempt.number);
        if (decision.kind === 'change') begun = row;
        return decision;
      },
    });
    return begun?.status === 'SENDING' ? begun : undefined;
  }

  const end = (context: StepContext, attempt: Attempt & { fate: Fate }, key: string) =>
    consumer.apply(context, { key: `${key}:end`, decide: (row) => endAttempt(row, attempt, context.now) });

  /**
   * The mail has gone out just now, perhaps minutes after the first attempt: that is when the customer was told. A
   * short outage of the database must not send it again.
   */
  async function endAccepted(
    context: StepContext,
    attempt: Attempt,
    key: string,
  ): Promise<Outcome<Notification>> {
    const accepted = { ...context, now: Math.max(context.now, clock()) as EpochMillis };
    for (let triesLeft = 5; ; triesLeft--) {
      try {
        return await end(accepted, { ...attempt, fate: 'ACCEPTED' }, key);
      } catch (error) {
        if (triesLeft === 1) throw error;
        await pause(1_000);
      }
    }
  }

  async function handOver(orderId: OrderId, notice: Notice): Promise<void> {
    const email = await findEmail(notice.customerId);
    if (email === undefined) throw new MissingContact(notice.customerId);
    try {
      await sendMail(orderMail(email, orderId, notice));
    } catch (error) {
      throw new MailNotTaken(error);
    }
  }

  const send: NotificationEffects['send'] = async (context, { causeId, round, attemptsBefore }) => {
    const attempt: Attempt = { round, number: attemptsBefore + attemptNumber(), fate: null };
    const key = `${causeId}:${attempt.round}:${attempt.number}`;
    const begun = await begin(context, attempt, key);
    if (!begun) return consumer.look(context);
    try {
      await handOver(context.orderId, begun.notice);
    } catch (error) {
      // What fails before the mail is handed over has certainly sent nothing.
      const refused = !(error instanceof MailNotTaken) || error.isRefusal;
      await end(context, { ...attempt, fate: refused ? 'REFUSED' : 'UNKNOWN' }, key);
      throw error;
    }
    return endAccepted(context, attempt, key);
  };

  return {
    settle: (context, received) => consumer.consume(context, received, decideNotification),
    send,
    giveUp: (context, { key, round }) =>
      consumer.apply(context, { key, decide: (row) => giveUpOnRound(row, round) }),
    retry: (context, { key, operator }) =>
      consumer.apply(context, {
        key,
        decide: (row) => retry(row, { actionId: key, operator, at: context.now }),
      }),
    look: (context) => consumer.look(context),
  };
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
