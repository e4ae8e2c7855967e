import type { CorrelationId, EpochMillis, EventId } from '../../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId } from '../../schemas/ids.js';
import type { Store } from '../../core/activity/store.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import type { SweptTables } from '../../core/postgres/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import { dueAt, type PaymentRow, type WalletCommand, type WalletResult } from './payment-row.js';
import { creditWallet, debitWallet } from './wallet-ledger.js';

export type PaymentStore = Store<PaymentRow, WalletCommand, WalletResult>;

/** Where Payment's unfinished work can be seen. */
export const paymentTables: SweptTables = {
  service: 'payment',
  inbox: 'payment.inbox',
  due: 'payment.payments',
};

/** Payment's tables in PostgreSQL; `pool` logs in as the payment role. */
export const paymentStore = (pool: Pool): PaymentStore =>
  postgresStore(choreography, {
    ...paymentTables,
    pool,
    rows: (db) => ({
      lock: (orderId) => lockPayment(db, orderId),
      read: (orderId) => readPayment(db, orderId),
      save: (orderId, row, now) => savePayment(db, orderId, row, now),
      perform: (orderId, command, now) =>
        command.kind === 'debit'
          ? debitWallet(db, orderId, command, now)
          : creditWallet(db, orderId, command, now),
    }),
  });

/** Inserts the row where there is none, so that there is something to lock; waits for whoever holds it. */
async function lockPayment(db: Connection, orderId: OrderId): Promise<PaymentRow> {
  await db.query(
    `insert into payment.payments (order_id, status, updated_at) values ($1, 'NOTHING', now())
     on conflict (order_id) do nothing`,
    [orderId],
  );
  const { rows } = await db.query<PaymentRecord>(`${selectPayment} for update`, [orderId]);
  return toRow(rows[0]);
}

async function readPayment(db: Connection, orderId: OrderId): Promise<PaymentRow | undefined> {
  const { rows } = await db.query<PaymentRecord>(selectPayment, [orderId]);
  return rows[0] && toRow(rows[0]);
}

async function savePayment(
  db: Connection,
  orderId: OrderId,
  row: PaymentRow,
  now: EpochMillis,
): Promise<void> {
  const charge = 'charge' in row ? row.charge : undefined;
  const due = dueAt(row);
  await db.query(
    `update payment.payments set status = $2, reason = $3, customer_id = $4, amount = $5, currency = $6,
       correlation_id = $7, wait_cause_id = $8, answer_by = $9, due_at = $10, updated_at = $11
     where order_id = $1`,
    [
      orderId,
      row.status,
      'reason' in row ? row.reason : null,
      charge?.customerId,
      charge?.total.amount,
      charge?.total.currency,
      charge?.correlationId,
      charge?.waitCauseId,
      charge && new Date(charge.answerBy),
      due === null ? null : new Date(due),
      new Date(now),
    ],
  );
}

interface PaymentRecord {
  readonly status: PaymentRow['status'];
  readonly reason: never;
  readonly customer_id: CustomerId;
  readonly amount: MinorUnits;
  readonly currency: Currency;
  readonly correlation_id: CorrelationId;
  readonly wait_cause_id: EventId;
  readonly answer_by: Date;
}

const selectPayment = `select status, reason, customer_id, amount, currency, correlation_id, wait_cause_id, answer_by
  from payment.payments where order_id = $1`;

/** The constraint `charged_means_known` promises the charge's columns wherever the status implies a charge. */
function toRow(record: PaymentRecord | undefined): PaymentRow {
  if (!record) throw new Error('the payment row vanished while it was locked');
  const { status, reason } = record;
  switch (status) {
    case 'NOTHING':
      return { status };
    case 'DECLINED':
    case 'VOID':
      return { status, reason };
    case 'CHARGED':
    case 'CONFIRMED':
      return { status, charge: toCharge(record) };
    case 'REFUNDED':
      return { status, charge: toCharge(record), reason };
  }
}

const toCharge = (record: PaymentRecord) => ({
  customerId: record.customer_id,
  total: { amount: record.amount, currency: record.currency },
  correlationId: record.correlation_id,
  waitCauseId: record.wait_cause_id,
  answerBy: record.answer_by.getTime() as EpochMillis,
});
