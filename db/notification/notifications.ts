import type { CorrelationId, EpochMillis, EventId } from '../../core/event.js';
import type { Currency, CustomerId, MinorUnits, OrderId } from '../../schemas/ids.js';
import type { PlacedItem } from '../../schemas/placement.js';
import type { Store } from '../../core/activity/store.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import type { SweptTables } from '../../core/postgres/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import {
  dueAt,
  type Attempt,
  type Notice,
  type NotificationInHand,
  type NotificationRow,
  type RecordRetry,
} from './notification-row.js';
import { recordRetry } from './operator-actions.js';

export type NotificationStore = Store<NotificationRow, RecordRetry, void>;

/** Where Notification's unfinished work can be seen. */
export const notificationTables: SweptTables = {
  service: 'notification',
  inbox: 'notification.inbox',
  due: 'notification.notifications',
  parked: `status = 'FAILED'`,
};

/** Notification's tables in PostgreSQL; `pool` logs in as the notification role. */
export const notificationStore = (pool: Pool): NotificationStore =>
  postgresStore(choreography, {
    ...notificationTables,
    pool,
    rows: (db) => ({
      lock: (orderId) => lockNotification(db, orderId),
      read: (orderId) => readNotification(db, orderId),
      save: (orderId, row, now) => saveNotification(db, orderId, row, now),
      perform: (orderId, command, now) => recordRetry(db, orderId, command, now),
    }),
  });

/** Inserts the row where there is none, so that there is something to lock; waits for whoever holds it. */
async function lockNotification(db: Connection, orderId: OrderId): Promise<NotificationRow> {
  await db.query(
    `insert into notification.notifications (order_id, status, updated_at) values ($1, 'NOTHING', now())
     on conflict (order_id) do nothing`,
    [orderId],
  );
  await db.query(`select 1 from notification.notifications where order_id = $1 for update`, [orderId]);
  const row = await readNotification(db, orderId);
  if (!row) throw new Error('the notification row vanished while it was locked');
  return row;
}

async function readNotification(db: Connection, orderId: OrderId): Promise<NotificationRow | undefined> {
  const { rows } = await db.query<NotificationRecord>(
    `select status, round, announced, customer_id, items, total, currency, cause_id, correlation_id, sent_at, due_at,
       array(select json_build_object('round', attempt.round, 'number', number, 'fate', fate)
             from notification.attempts attempt where attempt.order_id = notification.order_id
             order by attempt.round, number) as attempts
     from notification.notifications notification where order_id = $1`,
    [orderId],
  );
  return rows[0] && toRow(rows[0]);
}

async function saveNotification(
  db: Connection,
  orderId: OrderId,
  row: NotificationRow,
  now: EpochMillis,
): Promise<void> {
  if (row.status === 'NOTHING' || row.notice === null) return saveStatus(db, orderId, row.status, now);
  await saveInHand(db, orderId, row, row.notice, now);
  await saveAttempts(db, orderId, row.attempts);
}

async function saveStatus(db: Connection, orderId: OrderId, status: string, now: EpochMillis): Promise<void> {
  await db.query(`update notification.notifications set status = $2, updated_at = $3 where order_id = $1`, [
    orderId,
    status,
    new Date(now),
  ]);
}

async function saveInHand(
  db: Connection,
  orderId: OrderId,
  row: NotificationInHand,
  notice: Notice,
  now: EpochMillis,
): Promise<void> {
  await db.query(
    `update notification.notifications set status = $2, round = $3, announced = $4, customer_id = $5, items = $6,
       total = $7, currency = $8, cause_id = $9, correlation_id = $10, sent_at = $11, due_at = $12, updated_at = $13
     where order_id = $1`,
    [
      orderId,
      row.status,
      row.round,
      row.announced,
      notice.customerId,
      JSON.stringify(notice.items),
      notice.total.amount,
      notice.total.currency,
      notice.causeId,
      notice.correlationId,
      toDate(row.sentAt),
      toDate(dueAt(row)),
      new Date(now),
    ],
  );
}

/** Adds the attempts that are new and ends those that have ended; a fate once known stays. */
async function saveAttempts(db: Connection, orderId: OrderId, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  await db.query(
    `insert into notification.attempts (order_id, round, number, fate, ended_at)
     select $1, round, number, fate, case when fate is not null then now() end
     from unnest($2::integer[], $3::integer[], $4::text[]) as attempt (round, number, fate)
     on conflict (order_id, round, number) do update
       set fate = excluded.fate, ended_at = excluded.ended_at
       where attempts.fate is null`,
    [orderId, attempts.map((a) => a.round), attempts.map((a) => a.number), attempts.map((a) => a.fate)],
  );
}

const toDate = (millis: EpochMillis | null): Date | null => (millis === null ? null : new Date(millis));

const toMillis = (date: Date | null): EpochMillis | null => (date?.getTime() ?? null) as EpochMillis | null;

interface NotificationRecord {
  readonly status: NotificationRow['status'];
  readonly round: number;
  readonly announced: boolean;
  readonly customer_id: CustomerId | null;
  readonly items: readonly PlacedItem[];
  readonly total: MinorUnits;
  readonly currency: Currency;
  readonly cause_id: EventId;
  readonly correlation_id: CorrelationId;
  readonly sent_at: Date | null;
  readonly due_at: Date | null;
  readonly attempts: readonly Attempt[];
}

/** The constraint `sending_means_known` promises the notice wherever the status implies one. */
function toRow(record: NotificationRecord): NotificationRow {
  const { status, round, announced, attempts } = record;
  if (status === 'NOTHING') return { status };
  if (record.customer_id === null) return { status: 'REVOKED', notice: null };
  const notice: Notice = {
    customerId: record.customer_id,
    items: record.items,
    total: { amount: record.total, currency: record.currency },
    causeId: record.cause_id,
    correlationId: record.correlation_id,
  };
  return {
    status,
    notice,
    round,
    attempts,
    announced,
    sentAt: toMillis(record.sent_at),
    nextAttemptBy: toMillis(record.due_at),
  };
}
