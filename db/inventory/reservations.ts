import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { PlacedItem } from '../../schemas/placement.js';
import type { Store } from '../../core/activity/store.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import type { SweptTables } from '../../core/postgres/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import type { ReservationRow, StockCommand, StockResult } from './reservation-row.js';
import { releaseStock, reserveStock } from './stock-ledger.js';

export type InventoryStore = Store<ReservationRow, StockCommand, StockResult>;

/** Where Inventory's unfinished work can be seen. */
export const inventoryTables: SweptTables = { service: 'inventory', inbox: 'inventory.inbox' };

/** Inventory's tables in PostgreSQL; `pool` logs in as the inventory role. */
export const inventoryStore = (pool: Pool): InventoryStore =>
  postgresStore(choreography, {
    ...inventoryTables,
    pool,
    rows: (db) => ({
      lock: (orderId) => lockReservation(db, orderId),
      read: (orderId) => readReservation(db, orderId),
      save: (orderId, row, now) => saveReservation(db, orderId, row, now),
      perform: (orderId, { kind, items }, now) =>
        kind === 'reserve' ? reserveStock(db, orderId, items, now) : releaseStock(db, orderId, items, now),
    }),
  });

/** Inserts the row where there is none, so that there is something to lock; waits for whoever holds it. */
async function lockReservation(db: Connection, orderId: OrderId): Promise<ReservationRow> {
  await db.query(
    `insert into inventory.reservations (order_id, status, updated_at) values ($1, 'NOTHING', now())
     on conflict (order_id) do nothing`,
    [orderId],
  );
  const { rows } = await db.query<ReservationRecord>(`${selectReservation} for update`, [orderId]);
  return toRow(rows[0]);
}

async function readReservation(db: Connection, orderId: OrderId): Promise<ReservationRow | undefined> {
  const { rows } = await db.query<ReservationRecord>(selectReservation, [orderId]);
  return rows[0] && toRow(rows[0]);
}

/** The items of a released reservation stay on record. */
async function saveReservation(
  db: Connection,
  orderId: OrderId,
  row: ReservationRow,
  now: EpochMillis,
): Promise<void> {
  await db.query(
    `update inventory.reservations set status = $2, reason = $3, items = coalesce($4, items), updated_at = $5
     where order_id = $1`,
    [
      orderId,
      row.status,
      'reason' in row ? row.reason : null,
      'items' in row ? JSON.stringify(row.items) : null,
      new Date(now),
    ],
  );
}

interface ReservationRecord {
  readonly status: ReservationRow['status'];
  readonly reason: never;
  readonly items: readonly PlacedItem[];
}

const selectReservation = `select status, reason, items from inventory.reservations where order_id = $1`;

/** The constraint `reserved_means_known` promises the items of a reservation. */
function toRow(record: ReservationRecord | undefined): ReservationRow {
  if (!record) throw new Error('the reservation row vanished while it was locked');
  const { status, reason, items } = record;
  switch (status) {
    case 'NOTHING':
    case 'RELEASED':
      return { status };
    case 'REJECTED':
      return { status, reason };
    case 'RESERVED':
      return { status, items };
  }
}
