import type { Sku } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';

/** Pieces that can be ordered, and pieces set aside for orders. */
export interface Stock {
  readonly sku: Sku;
  readonly available: number;
  readonly reserved: number;
}

export interface Restock {
  readonly sku: Sku;
  readonly quantity: number;
  readonly idempotencyKey: string;
  readonly requestDigest: string;
}

/** REPLAYED: this restock was made before. KEY_REUSED: another one was made under the same key. */
export type RestockResult =
  | { readonly outcome: 'RESTOCKED' | 'REPLAYED'; readonly stock: Stock }
  | { readonly outcome: 'KEY_REUSED' | 'STOCK_TOO_LARGE' };

export async function findStock(pool: Pool, sku: Sku): Promise<Stock | undefined> {
  const { rows } = await pool.query<Stock>(selectStock, [sku]);
  return rows[0];
}

/** By product, at most `limit`, from the one that comes after `after`. */
export async function listStock(
  pool: Pool,
  { after, limit }: { readonly after?: Sku | undefined; readonly limit: number },
): Promise<readonly Stock[]> {
  const { rows } = await pool.query<Stock>(
    `select sku, available, reserved from inventory.stock
     where $1::text is null or sku > $1 order by sku limit $2`,
    [after, limit],
  );
  return rows;
}

/** Adds pieces to the shelf, creating the entry where there is none; once per key. */
export async function restock(pool: Pool, request: Restock): Promise<RestockResult> {
  return withTransaction(pool, async (db) => {
    const stock = await lockStock(db, request.sku);
    const digest = await digestUnderKey(db, request);
    if (digest !== undefined)
      return digest === request.requestDigest ? { outcome: 'REPLAYED', stock } : { outcome: 'KEY_REUSED' };
    const available = stock.available + request.quantity;
    // A release puts the reserved pieces back on the shelf, and must not fail then.
    if (available + stock.reserved > limits.stock.max) return { outcome: 'STOCK_TOO_LARGE' };
    await addPieces(db, request);
    return { outcome: 'RESTOCKED', stock: { ...stock, available } };
  });
}

/** Held to the end of the transaction, so that two restocks under one key see each other. */
async function lockStock(db: Connection, sku: Sku): Promise<Stock> {
  await db.query(
    `insert into inventory.stock (sku, available, reserved) values ($1, 0, 0) on conflict (sku) do nothing`,
    [sku],
  );
  const { rows } = await db.query<Stock>(`${selectStock} for update`, [sku]);
  const [row] = rows;
  if (!row) throw new Error('the stock entry vanished while it was locked');
  return row;
}

async function digestUnderKey(db: Connection, request: Restock): Promise<string | undefined> {
  const { rows } = await db.query<{ request_digest: string }>(
    `select request_digest from inventory.stock_ledger where sku = $1 and idempotency_key = $2`,
    [request.sku, request.idempotencyKey],
  );
  return rows[0]?.request_digest;
}

async function addPieces(db: Connection, request: Restock): Promise<void> {
  const { sku, quantity, idempotencyKey, requestDigest } = request;
  await db.query(
    `with restocked as (
       update inventory.stock set available = available + $2 where sku = $1 returning sku)
     insert into inventory.stock_ledger
       (sku, kind, available_change, reserved_change, idempotency_key, request_digest, at)
     select sku, 'RESTOCK', $2, 0, $3, $4, clock_timestamp() from restocked`,
    [sku, quantity, idempotencyKey, requestDigest],
  );
}

const selectStock = `select sku, available, reserved from inventory.stock where sku = $1`;
