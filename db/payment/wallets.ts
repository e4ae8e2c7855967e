import type { Currency, CustomerId, MinorUnits } from '../../schemas/ids.js';
import type { Money } from '../../schemas/placement.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import { roomIn, type WalletMoney } from './wallet-room.js';

export interface Wallet {
  readonly customerId: CustomerId;
  readonly balance: Money;
}

export interface Deposit {
  readonly customerId: CustomerId;
  readonly amount: Money;
  readonly idempotencyKey: string;
  readonly requestDigest: string;
}

/** REPLAYED: this deposit was made before. KEY_REUSED: another one was made under the same key. */
export type DepositResult =
  | { readonly outcome: 'DEPOSITED' | 'REPLAYED'; readonly wallet: Wallet }
  | { readonly outcome: 'KEY_REUSED' | 'OTHER_CURRENCY' | 'BALANCE_TOO_LARGE' };

export async function findWallet(pool: Pool, customerId: CustomerId): Promise<Wallet | undefined> {
  const { rows } = await pool.query<WalletRecord>(selectWallet, [customerId]);
  return rows[0] && toWallet(rows[0]);
}

/** By customer, at most `limit`, from the one that comes after `after`. */
export async function listWallets(
  pool: Pool,
  { after, limit }: { readonly after?: CustomerId | undefined; readonly limit: number },
): Promise<readonly Wallet[]> {
  const { rows } = await pool.query<WalletRecord>(
    `select customer_id, currency, balance, charged from payment.wallets
     where $1::text is null or customer_id > $1 order by customer_id limit $2`,
    [after, limit],
  );
  return rows.map(toWallet);
}

/** Puts money into the wallet, creating it in the deposit's currency where there is none; once per key. */
export async function deposit(pool: Pool, request: Deposit): Promise<DepositResult> {
  return withTransaction(pool, async (db) => {
    const record = await lockWallet(db, request.customerId, request.amount.currency);
    const wallet = toWallet(record);
    const digest = await digestUnderKey(db, request);
    if (digest !== undefined)
      return digest === request.requestDigest ? { outcome: 'REPLAYED', wallet } : { outcome: 'KEY_REUSED' };
    if (wallet.balance.currency !== request.amount.currency) return { outcome: 'OTHER_CURRENCY' };
    if (request.amount.amount > roomIn(record)) return { outcome: 'BALANCE_TOO_LARGE' };
    await credit(db, request);
    const amount = (wallet.balance.amount + request.amount.amount) as MinorUnits;
    return { outcome: 'DEPOSITED', wallet: { ...wallet, balance: { ...wallet.balance, amount } } };
  });
}

/** Held to the end of the transaction, so that two deposits under one key see each other. */
async function lockWallet(db: Connection, customerId: CustomerId, currency: Currency): Promise<WalletRecord> {
  await db.query(
    `insert into payment.wallets (customer_id, currency, balance) values ($1, $2, 0)
     on conflict (customer_id) do nothing`,
    [customerId, currency],
  );
  const { rows } = await db.query<WalletRecord>(`${selectWallet} for update`, [customerId]);
  const [row] = rows;
  if (!row) throw new Error('the wallet vanished while it was locked');
  return row;
}

async function digestUnderKey(db: Connection, request: Deposit): Promise<string | undefined> {
  const { rows } = await db.query<{ request_digest: string }>(
    `select request_digest from payment.wallet_ledger where customer_id = $1 and idempotency_key = $2`,
    [request.customerId, request.idempotencyKey],
  );
  return rows[0]?.request_digest;
}

async function credit(db: Connection, request: Deposit): Promise<void> {
  const { customerId, amount, idempotencyKey, requestDigest } = request;
  await db.query(
    `with credited as (
       update payment.wallets set balance = balance + $2 where customer_id = $1 returning customer_id)
     insert into payment.wallet_ledger (customer_id, kind, amount, idempotency_key, request_digest, at)
     select customer_id, 'DEPOSIT', $2, $3, $4, clock_timestamp() from credited`,
    [customerId, amount.amount, idempotencyKey, requestDigest],
  );
}

interface WalletRecord extends WalletMoney {
  readonly customer_id: CustomerId;
  readonly currency: Currency;
  readonly balance: MinorUnits;
}

const selectWallet = `select customer_id, currency, balance, charged from payment.wallets where customer_id = $1`;

const toWallet = ({ customer_id, currency, balance }: WalletRecord): Wallet => ({
  customerId: customer_id,
  balance: { amount: balance, currency },
});
