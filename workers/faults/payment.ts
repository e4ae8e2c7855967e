import type { PaymentStore } from '../../db/payment/payment-store.js';
import { failingStore, failStep } from './failing-step.js';
import type { Faults } from './faults.js';

/** Charges can be declined, fail or hang; refunds cannot, since they must hold in the end. */
export const failingPayments = (store: PaymentStore, faults: Faults): PaymentStore =>
  failingStore(store, async (act, perform) => {
    if (act.kind !== 'charge') return perform();
    const { charge } = await faults.settings('payment');
    return charge === 'DECLINE' ? 'INSUFFICIENT_BALANCE' : failStep(charge, perform);
  });
