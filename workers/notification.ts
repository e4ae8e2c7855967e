import { setTimeout as pause } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { createMailer } from '../activities/mail.js';
import { createNotificationEffects, type NotificationActivities } from '../activities/notification.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { findEmail } from '../db/notification/contact-address.js';
import { notificationStore } from '../db/notification/notification-store.js';
import type { Parts } from './parts.js';

/** Notification's activities, on its own role's tables, with its mail server. */
export function notificationActivities({ pool, deliver, config }: Parts): NotificationActivities {
  const dependencies = {
    store: notificationStore(pool),
    findEmail: findEmail.bind(undefined, pool),
    sendMail: createMailer(config.mail),
    attemptNumber: () => activityInfo().attempt,
    pause,
  };
  return {
    ...createNotificationEffects(dependencies, config.notification),
    publish: createPublish(outboxOf(pool), deliver),
  };
}
