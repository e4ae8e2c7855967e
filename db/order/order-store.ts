import { inboxTable } from '../inbox-table.js';
import { journalTables } from '../journal/journal-tables.js';
import type { Pool } from '../pool.js';
import type { Store } from '../store.js';
import { withTransaction } from '../transaction.js';
import type { OrderRow } from './order-row.js';
import { lockOrder, readOrder, saveOrder } from './orders.js';

/** Order's decisions ask for nothing beside the row. */
export type OrderStore = Store<OrderRow, never, never>;

/** Order's tables in PostgreSQL; `pool` logs in as the order role. */
export const orderStore = (pool: Pool): OrderStore => ({
  service: 'order',
  transaction: (work) =>
    withTransaction(pool, (db) =>
      work({
        lockRow: (orderId) => lockOrder(db, orderId),
        readRow: (orderId) => readOrder(db, orderId),
        saveRow: (orderId, row, now) => saveOrder(db, orderId, row, now),
        perform: (_, act) => Promise.resolve(act),
        inbox: inboxTable(db, 'orders.inbox'),
        journal: journalTables(db, 'order'),
      }),
    ),
});
