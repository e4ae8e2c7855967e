import { inboxTable } from '../inbox-table.js';
import { journalTables } from '../journal/journal-tables.js';
import type { Pool } from '../pool.js';
import type { Store } from '../store.js';
import { withTransaction } from '../transaction.js';
import type { NotificationAct, NotificationRow } from './notification-row.js';
import { lockNotification, readNotification, saveNotification } from './notifications.js';
import { recordRetry } from './operator-actions.js';

export type NotificationStore = Store<NotificationRow, NotificationAct, void>;

/** Notification's tables in PostgreSQL; `pool` logs in as the notification role. */
export const notificationStore = (pool: Pool): NotificationStore => ({
  service: 'notification',
  transaction: (work) =>
    withTransaction(pool, (db) =>
      work({
        lockRow: (orderId, now) => lockNotification(db, orderId, now),
        readRow: (orderId) => readNotification(db, orderId),
        saveRow: (orderId, row, now) => saveNotification(db, orderId, row, now),
        perform: (orderId, act) => recordRetry(db, orderId, act),
        inbox: inboxTable(db, 'notification.inbox'),
        journal: journalTables(db, 'notification'),
      }),
    ),
});
