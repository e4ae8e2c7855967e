import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { PlacedItem } from '../../schemas/placement.js';
import type { Connection } from '../../core/postgres/pool.js';
import type { StockResult } from './reservation-row.js';

/**
 * Reserves all items or none, each by a conditional update. The rows are locked in the order of their names
 * first, so that two orders with the same products in another order cannot block each other.
 */
export async function reserveStock(
  db: Connection,
  orderId: OrderId,
  items: readonly PlacedItem[],
  now: EpochMillis,
): Promise<StockResult> {
  if ((await lockStock(db, items)) < items.length) return 'UNKNOWN_SKU';
  await db.query('savepoint reserve');
  if ((await moveStock(db, orderId, items, 'RESERVE', now)) === items.length) return 'DONE';
  await db.query('rollback to savepoint reserve');
  return 'OUT_OF_STOCK';
}

/** Gives reserved pieces back; the ledger refuses a second release. */
export async function releaseStock(
  db: Connection,
  orderId: OrderId,
  items: readonly PlacedItem[],
  now: EpochMillis,
): Promise<StockResult> {
  await lockStock(db, items);
  const moved = await moveStock(db, orderId, items, 'RELEASE', now);
  if (moved !== items.length) throw new Error(`stock reserved for order ${orderId} is gone`);
  return 'DONE';
}

async function lockStock(db: Connection, items: readonly PlacedItem[]): Promise<number> {
  const { rowCount } = await db.query(
    `select 1 from inventory.stock where sku = any ($1) order by sku for update`,
    [items.map(({ sku }) => sku)],
  );
  return rowCount ?? 0;
}

async function moveStock(
  db: Connection,
  orderId: OrderId,
  items: readonly PlacedItem[],
  kind: 'RESERVE' | 'RELEASE',
  now: EpochMillis,
): Promise<number> {
  const sign = kind === 'RESERVE' ? 1 : -1;
  const { rowCount } = await db.query(
    `with wanted as (select * from unnest($1::text[], $2::bigint[]) as wanted (sku, pieces)),
     moved as (
       update inventory.stock set available = available - pieces, reserved = reserved + pieces
       from wanted
       where stock.sku = wanted.sku and available >= pieces and reserved >= -pieces
       returning stock.sku, pieces)
     insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, order_id, at)
     select sku, $3, -pieces, pieces, $4, $5 from moved`,
    [items.map(({ sku }) => sku), items.map(({ quantity }) => sign * quantity), kind, orderId, new Date(now)],
  );
  return rowCount ?? 0;
}
