import { activityInfo } from '@temporalio/activity';
import type { SendMail } from '../../activities/mail.js';
import { createNotificationEffects } from '../../activities/notification.js';
import type { Deliver } from '../../core/activity/outbox.js';
import { activitiesOf } from '../../core/worker.js';
import { notificationStore } from '../../db/notification/notifications.js';
import type { Pool } from '../../core/postgres/pool.js';
import { choreography } from '../../schemas/catalogue.js';
import { services, type Service } from '../../schemas/services.js';
import { scheduledAt } from '../../workers/notification.js';
import { createActivities } from '../../workers/services.js';

const created = await Promise.all(
  services.map(async (service) => [service, await createActivities(service)] as const),
);
/** What creates each service's activities. */
export const createActivitiesOf = Object.fromEntries(created) as Record<Service, (typeof created)[number][1]>;

/** Durations of the product, in ms. */
export interface Settings {
  readonly waits: { readonly payment: number; readonly inventory: number; readonly saga: number };
  readonly notification: { readonly maxRetries: number; readonly retryIntervalMs: number };
}

interface Ports {
  readonly pools: Readonly<Record<Service, Pool>>;
  readonly deliver: Deliver;
  readonly sendMail: SendMail;
  readonly settings: Settings;
}

/** The activities of all workers; only delivery and the mail server are a test's own. */
export function productActivities({
  pools,
  deliver,
  sendMail,
  settings,
}: Ports): Readonly<Record<Service, object>> {
  const mail = { smtpUrl: 'smtp://unused', from: 'shop@shop.example' };
  const partsOf = (service: Service) => ({ pool: pools[service], deliver, config: { ...settings, mail } });
  const all = Object.fromEntries(
    services.map((service) => [service, createActivitiesOf[service](partsOf(service))]),
  ) as Record<Service, object>;
  const notificationPorts = {
    store: notificationStore(pools.notification),
    findEmail: (customerId: string) =>
      Promise.resolve(customerId === 'nobody' ? undefined : `${customerId}@shop.example`),
    sendMail,
    attemptNumber: () => activityInfo().attempt,
    scheduledAt,
    pause: () => Promise.resolve(),
  };
  return {
    ...all,
    notification: activitiesOf(
      choreography,
      createNotificationEffects(notificationPorts, settings.notification),
      { pool: pools.notification, deliver },
    ),
  };
}
