import { setTimeout as pause } from 'node:timers/promises';
import { createMailer } from '../../activities/mail.js';
import { createInventoryEffects } from '../../activities/inventory.js';
import { createNotificationEffects } from '../../activities/notification.js';
import { createOrderEffects } from '../../activities/order.js';
import { createPaymentEffects } from '../../activities/payment.js';
import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { inventoryStore } from '../../db/inventory/reservations.js';
import { findContact } from '../../db/notification/contacts.js';
import { notificationStore } from '../../db/notification/notifications.js';
import { orderStore } from '../../db/order/orders.js';
import { paymentStore } from '../../db/payment/payments.js';
import type { WorkerConfig } from '../../workers/config.js';
import type { AnyEffects } from './reactions.js';
import type { Queued } from './services.js';

/** The product's own effects of a service, outside Temporal. */
export function effectsOf(
  service: Queued,
  { waits, mail, notification }: WorkerConfig,
  pool: Pool,
): AnyEffects {
  switch (service) {
    case 'order':
      return createOrderEffects(orderStore(pool)) as never;
    case 'payment':
      return createPaymentEffects(paymentStore(pool), { reservationWait: waits.inventory }) as never;
    case 'inventory':
      return createInventoryEffects(inventoryStore(pool)) as never;
    case 'notification':
      return notificationEffects({ mail, notification }, pool) as never;
  }
}

/** Each delivery makes one attempt, so the row alone counts them. */
const notificationEffects = (
  { mail, notification }: Pick<WorkerConfig, 'mail' | 'notification'>,
  pool: Pool,
) =>
  createNotificationEffects(
    {
      store: notificationStore(pool),
      findEmail: async (customerId) => (await findContact(pool, customerId))?.email,
      sendMail: createMailer(mail),
      attemptNumber: () => 1,
      scheduledAt: () => Date.now() as EpochMillis,
      pause: async (ms) => void (await pause(ms)),
    },
    notification,
  );
