import { inboxTable } from '../inbox-table.js';
import { journalTables } from '../journal/journal-tables.js';
import type { Pool } from '../pool.js';
import type { Store } from '../store.js';
import { withTransaction } from '../transaction.js';
import type { PaymentAct, PaymentActResult, PaymentRow } from './payment-row.js';
import { lockPayment, readPayment, savePayment } from './payments.js';
import { debitWallet, refundWallet } from './wallet-ledger.js';

export type PaymentStore = Store<PaymentRow, PaymentAct, PaymentActResult>;

/** Payment's tables in PostgreSQL; `pool` logs in as the payment role. */
export const paymentStore = (pool: Pool): PaymentStore => ({
  service: 'payment',
  transaction: (work) =>
    withTransaction(pool, (db) =>
      work({
        lockRow: (orderId, now) => lockPayment(db, orderId, now),
        readRow: (orderId) => readPayment(db, orderId),
        saveRow: (orderId, row, now) => savePayment(db, orderId, row, now),
        perform: (orderId, act, now) =>
          act.kind === 'charge'
            ? debitWallet(db, orderId, act.order.payload.customerId, act.order.payload.total, now)
            : refundWallet(db, orderId, act.charge, now),
        inbox: inboxTable(db, 'payment.inbox'),
        journal: journalTables(db, 'payment'),
      }),
    ),
});
