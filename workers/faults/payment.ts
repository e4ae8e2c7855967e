import type { PaymentStore } from '../../db/payment/payments.js';
import { failingStore, failCommand } from './failing-command.js';
import type { Faults } from './faults.js';

/** Charges can be declined, fail or hang; refunds cannot, since they must hold in the end. */
export const failingPayments = (store: PaymentStore, faults: Faults): PaymentStore =>
  failingStore(store, async (command, perform) => {
    if (command.kind !== 'debit') return perform();
    const { charge } = await faults.settings('payment');
    return charge === 'DECLINE' ? 'INSUFFICIENT_BALANCE' : failCommand(charge, perform);
  });
