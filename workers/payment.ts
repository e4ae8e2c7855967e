import { createPaymentEffects, type PaymentEffects } from '../activities/payment.js';
import { paymentStore } from '../db/payment/payments.js';
import { failingPayments } from './faults/payment.js';
import type { Parts } from './parts.js';

export { paymentTables as tables } from '../db/payment/payments.js';

/** Payment's effects, on its own role's tables. */
export function effects({ pool, config, faults }: Parts): PaymentEffects {
  const store = paymentStore(pool);
  return createPaymentEffects(faults ? failingPayments(store, faults) : store, {
    reservationWait: config.waits.inventory,
  });
}
