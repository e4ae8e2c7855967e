import { createPaymentEffects, type PaymentEffects } from '../activities/payment.js';
import { createPublish } from '../core/activity/outbox.js';
import { outboxOf } from '../core/postgres/journal.js';
import { paymentStore } from '../db/payment/payments.js';
import { failingPayments } from './faults/payment.js';
import { choreography } from '../schemas/catalogue.js';
import type { Activities, Parts } from './parts.js';

/** Payment's activities, on its own role's tables. */
export function activities({ pool, deliver, config, faults }: Parts): Activities<PaymentEffects> {
  const store = paymentStore(pool);
  return {
    ...createPaymentEffects(faults ? failingPayments(store, faults) : store, {
      reservationWait: config.waits.inventory,
    }),
    publish: createPublish(choreography, outboxOf(pool), deliver),
  };
}
