import { inboxTable } from '../inbox-table.js';
import { journalTables } from '../journal/journal-tables.js';
import type { Pool } from '../pool.js';
import type { Store } from '../store.js';
import { withTransaction } from '../transaction.js';
import type { InventoryAct, InventoryActResult, ReservationRow } from './reservation-row.js';
import { lockReservation, readReservation, saveReservation } from './reservations.js';
import { releaseStock, reserveStock } from './stock-ledger.js';

export type InventoryStore = Store<ReservationRow, InventoryAct, InventoryActResult>;

/** Inventory's tables in PostgreSQL; `pool` logs in as the inventory role. */
export const inventoryStore = (pool: Pool): InventoryStore => ({
  service: 'inventory',
  transaction: (work) =>
    withTransaction(pool, (db) =>
      work({
        lockRow: (orderId, now) => lockReservation(db, orderId, now),
        readRow: (orderId) => readReservation(db, orderId),
        saveRow: (orderId, row, now) => saveReservation(db, orderId, row, now),
        perform: (orderId, act, now) =>
          act.kind === 'reserve'
            ? reserveStock(db, orderId, act.payment.payload.items, now)
            : releaseStock(db, orderId, act.items, now),
        inbox: inboxTable(db, 'inventory.inbox'),
        journal: journalTables(db, 'inventory'),
      }),
    ),
});
