import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { millis } from '../epoch-millis.js';
import type { Store } from '../../core/activity/store.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { postgresStore } from '../../core/postgres/store.js';
import type { SweptTables } from '../../core/postgres/sweep.js';
import { choreography } from '../../schemas/catalogue.js';
import { fromRecord, orderColumns, type OrderRecord } from './order-record.js';
import { dueAt, type OrderRow, type PlacedOrder } from './order-row.js';

export type OrderStore = Store<OrderRow>;

/** Where Order's unfinished work can be seen. */
export const orderTables: SweptTables = { service: 'order', inbox: 'orders.inbox', due: 'orders.orders' };

/** Order's tables in PostgreSQL; `pool` logs in as the order role. */
export const orderStore = (pool: Pool): OrderStore =>
  postgresStore(choreography, {
    ...orderTables,
    pool,
    rows: (db) => ({
      lock: (orderId) => lockOrder(db, orderId),
      read: (orderId) => readOrder(db, orderId),
      save: (orderId, row, now) => saveOrder(db, orderId, row, now),
    }),
  });

/**
 * Locks the order's row to the end of the transaction. Before an order is placed there is none: then it locks a claim to
 * its id, so that two placements at once see each other. Nobody but Order can hold either; anybody can hold an
 * advisory lock.
 */
async function lockOrder(db: Connection, orderId: OrderId): Promise<OrderRow> {
  if (!(await lockRow(db, orderId))) {
    await lockClaim(db, orderId);
    // Whoever held the claim may have placed the order.
    await lockRow(db, orderId);
  }
  return (await readOrder(db, orderId)) ?? { status: 'NOTHING' };
}

async function lockRow(db: Connection, orderId: OrderId): Promise<boolean> {
  const { rowCount } = await db.query(`select from orders.orders where order_id = $1 for update`, [orderId]);
  return rowCount === 1;
}

async function lockClaim(db: Connection, orderId: OrderId): Promise<void> {
  await db.query(`insert into orders.claims (order_id) values ($1) on conflict do nothing`, [orderId]);
  await db.query(`select from orders.claims where order_id = $1 for update`, [orderId]);
}

export async function readOrder(db: Connection, orderId: OrderId): Promise<PlacedOrder | undefined> {
  const { rows } = await db.query<RowRecord>(selectOrder, [orderId]);
  return rows[0] && toRow(rows[0]);
}

async function saveOrder(db: Connection, orderId: OrderId, row: OrderRow, now: EpochMillis): Promise<void> {
  if (row.status === 'NOTHING') return;
  await saveStatus(db, orderId, row, now);
  await appendHistory(db, orderId, row);
  await saveAttention(db, orderId, row);
}

async function saveStatus(
  db: Connection,
  orderId: OrderId,
  row: PlacedOrder,
  now: EpochMillis,
): Promise<void> {
  const { placement } = row;
  await db.query(
    `insert into orders.orders (order_id, customer_id, items, total, currency, status, reason, told_at, refunded_at,
       correlation_id, request_digest, wait_cause_id, payment_due_at, saga_due_at, due_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (order_id) do update set status = excluded.status, reason = excluded.reason,
       told_at = excluded.told_at, refunded_at = excluded.refunded_at, due_at = excluded.due_at,
       updated_at = excluded.updated_at`,
    [
      orderId,
      placement.customerId,
      JSON.stringify(placement.items),
      placement.total.amount,
      placement.total.currency,
      row.status,
      row.reason,
      toDate(row.toldAt),
      toDate(row.refundedAt),
      placement.correlationId,
      placement.requestDigest,
      row.waitCauseId,
      toDate(row.paymentDue),
      toDate(row.sagaDue),
      toDate(dueAt(row)),
      toDate(row.history[0].at),
      toDate(now),
    ],
  );
}

async function appendHistory(db: Connection, orderId: OrderId, { history }: PlacedOrder): Promise<void> {
  await db.query(
    `insert into orders.status_history (order_id, position, status, at, event_id)
     select $1, position, status, at, event_id
     from unnest($2::text[], $3::timestamptz[], $4::uuid[]) with ordinality as entry (status, at, event_id, position)
     on conflict (order_id, position) do nothing`,
    [
      orderId,
      history.map(({ status }) => status),
      history.map(({ at }) => new Date(at)),
      history.map(({ eventId }) => eventId),
    ],
  );
}

async function saveAttention(db: Connection, orderId: OrderId, { attention }: PlacedOrder): Promise<void> {
  if (attention.length === 0) return;
  await db.query(
    `insert into orders.attention (order_id, code, since, cleared_at)
     select $1, code, since, cleared_at
     from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as entry (code, since, cleared_at)
     on conflict (order_id, code) do update set cleared_at = excluded.cleared_at`,
    [
      orderId,
      attention.map(({ code }) => code),
      attention.map(({ since }) => new Date(since)),
      attention.map(({ clearedAt }) => toDate(clearedAt)),
    ],
  );
}

const toDate = (millis: EpochMillis | null): Date | null => (millis === null ? null : new Date(millis));

interface RowRecord extends OrderRecord {
  readonly wait_cause_id: EventId;
  readonly payment_due_at: EpochMillis;
  readonly saga_due_at: EpochMillis;
}

const selectOrder = `
  select ${orderColumns}, wait_cause_id, ${millis('payment_due_at')} as payment_due_at,
    ${millis('saga_due_at')} as saga_due_at
  from orders.orders placed where order_id = $1`;

const toRow = (record: RowRecord): PlacedOrder => ({
  ...fromRecord(record),
  waitCauseId: record.wait_cause_id,
  paymentDue: record.payment_due_at,
  sagaDue: record.saga_due_at,
});
