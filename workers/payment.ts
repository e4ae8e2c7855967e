import { createPaymentEffects, type PaymentActivities } from '../activities/payment.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { paymentStore } from '../db/payment/payment-store.js';
import type { Parts } from './parts.js';

/** Payment's activities, on its own role's tables. */
export const paymentActivities = ({ pool, deliver, config }: Parts): PaymentActivities => ({
  ...createPaymentEffects(paymentStore(pool), { reservationWait: config.waits.inventory }),
  publish: createPublish(outboxOf(pool), deliver),
});
