import { createPaymentEffects, type PaymentActivities } from '../activities/payment.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { paymentStore } from '../db/payment/payment-store.js';
import { failingPayments } from './faults/payment.js';
import type { Parts } from './parts.js';

/** Payment's activities, on its own role's tables. */
export function paymentActivities({ pool, deliver, config, faults }: Parts): PaymentActivities {
  const store = paymentStore(pool);
  return {
    ...createPaymentEffects(faults ? failingPayments(store, faults) : store, {
      reservationWait: config.waits.inventory,
    }),
    publish: createPublish(outboxOf(pool), deliver),
  };
}
