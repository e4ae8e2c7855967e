import type { SendMail } from '../../activities/mail.js';
import { orderMail } from '../../activities/order-mail.js';
import type { EpochMillis, EventId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { releaseStock, reserveStock } from '../../db/inventory/stock-ledger.js';
import { findContact } from '../../db/notification/contacts.js';
import { creditWallet, debitWallet } from '../../db/payment/wallet-ledger.js';
import type { Service } from '../../schemas/services.js';
import type { NewOrder } from '../contender.js';
import { once } from './once.js';

/** What became of a step: done, or why it was refused. */
export type Outcome = 'DONE' | Refusal;
export type Refusal = 'NO_WALLET' | 'INSUFFICIENT_BALANCE' | 'OUT_OF_STOCK' | 'UNKNOWN_SKU';
export type Reason = Refusal | 'PAYMENT_ERROR' | 'INVENTORY_ERROR';

/**
 * The steps of an order as most people would write them for an orchestrator: each is one transaction on the product's
 * tables and ledgers, with an idempotency key. There are no events, no journal and no feed.
 */
export interface PlainSteps {
  readonly charge: (order: NewOrder) => Promise<Outcome>;
  readonly reserve: (order: NewOrder) => Promise<Outcome>;
  /** The stock is reserved: the charge stands. */
  readonly confirm: (order: NewOrder) => Promise<void>;
  /** Compensation: gives back what was charged, if anything was. */
  readonly refund: (order: NewOrder) => Promise<void>;
  /** Compensation: puts back what was reserved, if anything was. */
  readonly release: (order: NewOrder) => Promise<void>;
  readonly sendMail: (order: NewOrder) => Promise<void>;
  readonly complete: (order: NewOrder) => Promise<void>;
  readonly cancel: (order: NewOrder, reason: Reason) => Promise<void>;
}

export interface PlainParts {
  /** Each service's own login. */
  readonly pools: Readonly<Record<Service, Pool>>;
  readonly sendMail: SendMail;
}

export const createPlainSteps = ({ pools, sendMail }: PlainParts): PlainSteps => ({
  charge: (order) => charge(pools.payment, order),
  reserve: (order) => reserve(pools.inventory, order),
  confirm: (order) => confirm(pools.payment, order),
  refund: (order) => refund(pools.payment, order),
  release: (order) => release(pools.inventory, order),
  sendMail: (order) => tellCustomer(pools.notification, sendMail, order),
  complete: (order) => complete(pools.order, order),
  cancel: (order, reason) => cancel(pools.order, order, reason),
});

const charge = (pool: Pool, { orderId, customerId, total }: NewOrder): Promise<Outcome> =>
  once(pool, 'payment.inbox', { orderId, step: 'charge' }, async (db) => {
    const result = await debitWallet(db, orderId, { kind: 'debit', customerId, total }, now());
    const isCharged = result === 'DONE';
    await db.query(
      `insert into payment.payments (order_id, status, reason, customer_id, amount, currency, wait_cause_id, answer_by, updated_at)
       values ($1, $2, $3, $4, $5, $6, $1, now(), now())`,
      [
        orderId,
        isCharged ? 'CHARGED' : 'DECLINED',
        isCharged ? null : result,
        customerId,
        total.amount,
        total.currency,
      ],
    );
    return result;
  });

const reserve = (pool: Pool, { orderId, items }: NewOrder): Promise<Outcome> =>
  once(pool, 'inventory.inbox', { orderId, step: 'reserve' }, async (db) => {
    const result = await reserveStock(db, orderId, items, now());
    const isReserved = result === 'DONE';
    await db.query(
      `insert into inventory.reservations (order_id, status, reason, items, updated_at) values ($1, $2, $3, $4, now())`,
      [
        orderId,
        isReserved ? 'RESERVED' : 'REJECTED',
        isReserved ? null : result,
        isReserved ? JSON.stringify(items) : null,
      ],
    );
    return result;
  });

async function confirm(pool: Pool, { orderId }: NewOrder): Promise<void> {
  await pool.query(
    `update payment.payments set status = 'CONFIRMED', updated_at = now() where order_id = $1 and status = 'CHARGED'`,
    [orderId],
  );
}

const refund = (pool: Pool, { orderId, customerId, total }: NewOrder): Promise<void> =>
  withTransaction(pool, async (db) => {
    const { rowCount } = await db.query(
      `update payment.payments set status = 'REFUNDED', updated_at = now()
       where order_id = $1 and status in ('CHARGED', 'CONFIRMED')`,
      [orderId],
    );
    if (rowCount === 1) await creditWallet(db, orderId, { kind: 'credit', customerId, total }, now());
  });

const release = (pool: Pool, { orderId, items }: NewOrder): Promise<void> =>
  withTransaction(pool, async (db) => {
    const { rowCount } = await db.query(
      `update inventory.reservations set status = 'RELEASED', updated_at = now()
       where order_id = $1 and status = 'RESERVED'`,
      [orderId],
    );
    if (rowCount === 1) await releaseStock(db, orderId, items, now());
  });

/** May send twice after a crash, under the same Message-ID. */
async function tellCustomer(pool: Pool, sendMail: SendMail, order: NewOrder): Promise<void> {
  const { orderId, customerId, items, total, correlationId } = order;
  const contact = await findContact(pool, customerId);
  if (!contact) throw new Error(`no contact for customer ${customerId}`);
  const causeId = orderId as string as EventId;
  await sendMail(orderMail(contact.email, orderId, { customerId, items, total, causeId, correlationId }));
  await pool.query(
    `insert into notification.notifications
       (order_id, status, round, announced, customer_id, items, total, currency, cause_id, correlation_id, sent_at, updated_at)
     values ($1, 'SENT', 1, true, $2, $3, $4, $5, $1, $6, now(), now()) on conflict (order_id) do nothing`,
    [orderId, customerId, JSON.stringify(items), total.amount, total.currency, correlationId],
  );
}

async function complete(pool: Pool, { orderId }: NewOrder): Promise<void> {
  await pool.query(
    `update orders.orders set status = 'COMPLETED', told_at = now(), updated_at = now() where order_id = $1`,
    [orderId],
  );
}

async function cancel(pool: Pool, { orderId }: NewOrder, reason: Reason): Promise<void> {
  const status = isPaymentsFault(reason) ? 'PAYMENT_FAILED' : 'OUT_OF_STOCK';
  await pool.query(
    `update orders.orders set status = $2, reason = $3, updated_at = now() where order_id = $1`,
    [orderId, status, reason],
  );
}

const isPaymentsFault = (reason: Reason): boolean =>
  reason === 'NO_WALLET' || reason === 'INSUFFICIENT_BALANCE' || reason === 'PAYMENT_ERROR';

const now = (): EpochMillis => Date.now() as EpochMillis;
