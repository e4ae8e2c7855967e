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
    scheduledAt,
    pause,
  };
  return createNotificationEffects(dependencies, config.notification);
}

/** Of a regular activity only: for a local one the worker sets it, by its own clock. */
export const scheduledAt = (): EpochMillis =>
  activityInfo().currentAttemptScheduledTimestampMs as EpochMillis;
