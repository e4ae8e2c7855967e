import type { Connection } from './pool.js';
import type { InboxEntry, InboxTable } from './store.js';

export type InboxName = 'orders.inbox' | 'payment.inbox' | 'inventory.inbox' | 'notification.inbox';

/** A service's memory of what it has applied, within the transaction that `db` is in. */
export const inboxTable = (db: Connection, table: InboxName): InboxTable => ({
  appliedBy: (key) => appliedBy(db, table, key),
  remember: (entry) => remember(db, table, entry),
});

async function appliedBy(db: Connection, table: InboxName, key: string): Promise<string | undefined> {
  const { rows } = await db.query<{ run_id: string }>(`select run_id from ${table} where key = $1`, [key]);
  return rows[0]?.run_id;
}

async function remember(db: Connection, table: InboxName, entry: InboxEntry): Promise<void> {
  await db.query(`insert into ${table} (key, order_id, run_id, outcome) values ($1, $2, $3, $4)`, [
    entry.key,
    entry.orderId,
    entry.runId,
    entry.outcome,
  ]);
}
