import { setTimeout as pause } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { createMailer } from '../activities/mail.js';
import { createNotificationEffects, type NotificationEffects } from '../activities/notification.js';
import { findContact } from '../db/notification/contacts.js';
import { notificationStore } from '../db/notification/notifications.js';
import type { CustomerId } from '../schemas/ids.js';
import type { EpochMillis } from '../core/event.js';
import { failingMail } from './faults/mail.js';
import type { Parts } from './parts.js';

export { notificationTables as tables } from '../db/notification/notifications.js';

/** Notification's effects, on its own role's tables, with its mail server. */
export function effects({ pool, config, faults }: Parts): NotificationEffects {
  const sendMail = createMailer(config.mail);
  const dependencies = {
    store: notificationStore(pool),
    findEmail: async (customerId: CustomerId) => (await findContact(pool, customerId))?.email,
    sendMail: faults ? failingMail(sendMail, faults) : sendMail,
    attemptNumber: () => activityInfo().attempt,
    clock: attemptClock,
    pause,
  };
  return createNotificationEffects(dependencies, config.notification);
}

/** The worker's own clock, but never before the time for which Temporal's server has scheduled the attempt. */
export const attemptClock = (): EpochMillis =>
  Math.max(activityInfo().currentAttemptScheduledTimestampMs, Date.now()) as EpochMillis;
