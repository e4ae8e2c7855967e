import type { CustomerId, OrderId } from '../../schemas/ids.js';
import type { EpochMillis } from '../../core/event.js';
import type { Money } from '../../schemas/placement.js';
import type { Connection } from '../../core/postgres/pool.js';
import type { WalletCommand, WalletResult } from './payment-row.js';

/** Takes the whole amount or nothing, by one conditional update: nobody reads a balance and writes it later. */
export async function debitWallet(
  db: Connection,
  orderId: OrderId,
  { customerId, total }: WalletCommand,
  now: EpochMillis,
): Promise<WalletResult> {
  const { rowCount } = await db.query(
    `with debited as (
       update payment.wallets set balance = balance - $2, charged = charged + $2
       where customer_id = $1 and currency = $3 and balance >= $2
       returning customer_id)
     insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at)
     select customer_id, 'CHARGE', -$2::bigint, $4, $5 from debited`,
    [customerId, total.amount, total.currency, orderId, new Date(now)],
  );
  if (rowCount === 1) return 'DONE';
  return (await hasWallet(db, customerId, total)) ? 'INSUFFICIENT_BALANCE' : 'NO_WALLET';
}

/**
 * Gives back what was charged. The wallet exists, since it was charged; the ledger refuses a second refund. During a
 * rollout a worker of before `charged` may have made the charge, and the refund must hold all the same: hence `greatest`.
 */
export async function creditWallet(
  db: Connection,
  orderId: OrderId,
  { customerId, total }: WalletCommand,
  now: EpochMillis,
): Promise<WalletResult> {
  const { rowCount } = await db.query(
    `with credited as (
       update payment.wallets set balance = balance + $2, charged = greatest(charged - $2, 0)
       where customer_id = $1 and currency = $3
       returning customer_id)
     insert into payment.wallet_ledger (customer_id, kind, amount, order_id, at)
     select customer_id, 'REFUND', $2, $4, $5 from credited`,
    [customerId, total.amount, total.currency, orderId, new Date(now)],
  );
  if (rowCount !== 1) throw new Error(`the wallet charged for order ${orderId} is gone`);
  return 'DONE';
}

async function hasWallet(db: Connection, customerId: CustomerId, { currency }: Money): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from payment.wallets where customer_id = $1 and currency = $2`,
    [customerId, currency],
  );
  return rowCount === 1;
}
