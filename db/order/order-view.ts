import type { CustomerId, OrderId } from '../../schemas/ids.js';
import type { EpochMillis } from '../../core/event.js';
import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Placement } from '../../schemas/placement.js';
import type { Reason } from '../../schemas/reasons.js';
import { millis } from '../epoch-millis.js';
import { stuckOf } from '../operator/stuck-work.js';
import type { Pool } from '../../core/postgres/pool.js';
import { fromRecord, orderColumns, type OrderRecord } from './order-record.js';
import type { Attention, HistoryEntry, PlacedOrder } from './order-row.js';

/** An order as it is shown. */
export interface OrderView {
  readonly orderId: OrderId;
  readonly placement: Placement;
  readonly status: OrderStatus;
  readonly reason: Reason | null;
  readonly toldAt: EpochMillis | null;
  readonly refundedAt: EpochMillis | null;
  readonly createdAt: EpochMillis;
  readonly updatedAt: EpochMillis;
  readonly history: readonly HistoryEntry[];
  readonly attention: readonly ShownAttention[];
}

/** Order's own, or what keeps a service from coming to rest. */
export interface ShownAttention extends Omit<Attention, 'code'> {
  readonly code: AttentionCode;
}

/** Which orders to list; `after` is the last order of the page before. */
export interface OrderQuery {
  readonly status?: OrderStatus | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly after?: OrderPosition | undefined;
  readonly limit: number;
}

/** Where an order stands in the list, which is sorted by these, newest first. */
export interface OrderPosition {
  readonly createdAt: EpochMillis;
  readonly orderId: OrderId;
}

export async function findOrderView(pool: Pool, orderId: OrderId): Promise<OrderView | undefined> {
  const { rows } = await pool.query<ViewRecord>(`${selectOrders} where order_id = $1`, [orderId]);
  return rows[0] && toView(rows[0]);
}

/** Newest first, at most `limit`. */
export async function listOrderViews(pool: Pool, query: OrderQuery): Promise<readonly OrderView[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { status, customerId, after, limit } = query;
  const conditions = [
    ...(status === undefined ? [] : [`status = ${bind(status)}`]),
    ...(customerId === undefined ? [] : [`customer_id = ${bind(customerId)}`]),
    ...(after === undefined
      ? []
      : [`(placed.created_at, order_id) < (${bind(new Date(after.createdAt))}, ${bind(after.orderId)})`]),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await pool.query<ViewRecord>(
    // `created_at` alone would be what is selected, which no index is sorted by.
    `${selectOrders} ${where} order by placed.created_at desc, placed.order_id desc limit ${bind(limit)}`,
    values,
  );
  return rows.map(toView);
}

interface ViewRecord extends OrderRecord {
  readonly order_id: OrderId;
  readonly created_at: EpochMillis;
  readonly updated_at: EpochMillis;
  readonly stuck: (ShownAttention & { readonly code: 'STUCK' }) | null;
}

const selectOrders = `
  select ${orderColumns}, order_id, ${millis('placed.created_at')} as created_at, ${millis('updated_at')} as updated_at,
    (select json_build_object('code', 'STUCK', 'since', ${millis('since')}, 'clearedAt', ${millis('cleared_at')})
     from (${stuckOf('placed.order_id')}) stuck) as stuck
  from orders.orders placed`;

const toView = (record: ViewRecord): OrderView => ({
  ...fromRecord(record),
  attention: [...record.attention, ...(record.stuck ? [record.stuck] : [])],
  orderId: record.order_id,
  createdAt: record.created_at,
  updatedAt: record.updated_at,
});

/** An order as it was just stored, shown without reading it again. */
export const viewOf = (orderId: OrderId, row: PlacedOrder): OrderView => ({
  ...row,
  orderId,
  createdAt: row.history[0].at,
  updatedAt: (row.history.at(-1) ?? row.history[0]).at,
});
