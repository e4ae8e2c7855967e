import { randomUUID } from 'node:crypto';
import { once, EventEmitter } from 'node:events';
import { createNotificationEffects } from '../../activities/notification.js';
import type { NotificationRow } from '../../db/notification/notification-row.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { notificationTable } from '../../schemas/decision-tables/notification-table.js';
import type { EventId } from '../../core/event.js';
import type { Bench, TestedTable } from './bench.js';
import type { Scene } from './scene.js';

/** The row has these states and no others. */
notificationTable satisfies Readonly<Record<NotificationRow['status'], unknown>>;

interface NotificationFacts {
  /** How many the mail server has accepted. */
  readonly mails: number;
  /** How many retries by operators are on record. */
  readonly retries: number;
}

export const testedNotification: TestedTable<typeof notificationTable, NotificationFacts> = {
  service: 'notification',
  table: notificationTable,
  bench: notificationBench,
};

type Fate = 'accepted' | 'refused' | 'unknown';

const MAX_ATTEMPTS = 4;

function notificationBench(scene: Scene, input: string): Bench<typeof notificationTable, NotificationFacts> {
  const { db, orderId, context } = scene;
  const store = notificationStore(db.pools.notification);
  const lateAnswer = new EventEmitter<{ answer: [Fate] }>();
  let causeId = randomUUID() as EventId;
  let round = 1;
  let number = 0;
  let before: readonly Fate[] = [];
  let mailServer: Fate | 'silent' = 'accepted';
  let contact: string | undefined = 'alice@shop.example';
  let mails = 0;
  let announced = true;
  let laterRound = false;
  let silent = false;
  let isReserved = false;
  let inFlight: Promise<unknown> | undefined;

  const effects = createNotificationEffects(
    {
      store,
      findEmail: () => Promise.resolve(contact),
      sendMail: async () => {
        const fate = mailServer === 'silent' ? ((await once(lateAnswer, 'answer')) as [Fate])[0] : mailServer;
        if (fate === 'refused') throw Object.assign(new Error('refused'), { responseCode: 550 });
        if (fate === 'unknown') throw new Error('the connection was lost');
        mails++;
      },
      attemptNumber: () => number,
      scheduledAt: () => context().now,
      pause: () => Promise.resolve(),
    },
    { maxRetries: MAX_ATTEMPTS - 1, retryIntervalMs: 60_000 },
  );

  const send = () => {
    number++;
    return Promise.allSettled([effects.send(context(), { causeId, round, attemptsBefore: 0 })]);
  };
  const attempt = async (fate: Fate) => {
    mailServer = fate;
    await send();
    if (number === MAX_ATTEMPTS && fate !== 'accepted') await effects.giveUp(context(), { causeId, round });
  };
  const attempts = async (fates: readonly Fate[]) => {
    for (const fate of fates) await attempt(fate);
  };

  /** An attempt whose worker is taken for dead: it ends when all others have forgotten it. */
  const beginSilently = async () => {
    mailServer = 'silent';
    inFlight = send();
    while (lateAnswer.listenerCount('answer') === 0) await new Promise(setImmediate);
  };
  const endAttempt = (fate: Fate) => async () => {
    if (!inFlight) return attempt(fate);
    lateAnswer.emit('answer', fate);
    await inFlight;
  };
  const isAboutAnOldAttempt = input.includes('attempt');

  const reserve = async () => {
    const event = await scene.publish('InventoryReservedEvent');
    const { row } = await effects.prepare(context(), event);
    if ('causeId' in row) causeId = row.causeId;
    isReserved = true;
  };
  const cancel = async () => effects.revoke(context(), await scene.publish('PaymentCancelledEvent'));
  const retry = () => effects.retry(context(), { type: 'RETRY', key: randomUUID(), operator: 'kim' });
  const sending = async () => {
    await reserve();
    if (isAboutAnOldAttempt) await beginSilently();
  };
  const failing = async () => {
    await sending();
    await attempts(before);
    while (number < MAX_ATTEMPTS) await attempt('refused');
  };
  const forgetTheAnnouncement = () =>
    store.transaction(async (tx) => {
      const row = await tx.lock(orderId);
      if (row.status === 'REVOKED' && row.notice)
        await tx.save(orderId, { ...row, announced: false }, context().now);
    });

  const nothing = () => undefined;
  return {
    given: {
      'every attempt was refused': () => (before = ['refused']),
      'the fate of an attempt is unknown': () => (before = ['unknown']),
      'an attempt has begun and not ended': () => (silent = true),
      'attempts are left': nothing,
      'it was the fourth': () => (before = ['refused', 'refused', 'refused']),
      'it was the fourth of a later round': () => {
        before = ['refused', 'refused', 'refused'];
        laterRound = true;
      },
      'there is no contact': () => (contact = undefined),
      'it was not announced': () => (announced = false),
      'it was announced as uncertain': nothing,
    },
    arrive: {
      NOTHING: () => Promise.resolve(),
      SENDING: async () => {
        await reserve();
        if (laterRound) {
          await attempts(['refused', 'refused', 'refused', 'refused']);
          await retry();
          round = 2;
          number = 0;
        }
        await attempts(before);
        if (silent) await beginSilently();
      },
      SENT: async () => {
        await sending();
        await attempt('accepted');
      },
      FAILED: failing,
      REVOKED: async () => {
        await sending();
        await cancel();
        if (!announced) await forgetTheAnnouncement();
      },
    },
    apply: {
      InventoryReservedEvent: reserve,
      PaymentCancelledEvent: cancel,
      'attempt accepted': endAttempt('accepted'),
      'attempt refused': endAttempt('refused'),
      'fate of the attempt unknown': endAttempt('unknown'),
      'retry by an operator': retry,
    },
    look: () => effects.look(context(), null),
    facts: async () => {
      const { rowCount } = await db.owner.query(
        `select 1 from notification.operator_actions where order_id = $1`,
        [orderId],
      );
      return { mails, retries: rowCount ?? 0 };
    },
    expected: (before) => ({
      mails: before.mails + (input === 'attempt accepted' && isReserved ? 1 : 0),
      retries: before.retries + (input === 'retry by an operator' ? 1 : 0),
    }),
  };
}
