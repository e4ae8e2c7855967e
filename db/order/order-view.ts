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

/** Which orders to list: those that match all that is given. `after` is the last order of the page before. */
export interface OrderQuery {
  /** The beginning of the id, or all of it. */
  readonly id?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly reason?: Reason | undefined;
  /** Only those that were not completed, whatever the reason. */
  readonly isFailed?: boolean | undefined;
  /** Only those with open attention. */
  readonly needsAPerson?: boolean | undefined;
  readonly customerId?: CustomerId | undefined;
  /** Placed at this time or later. */
  readonly from?: EpochMillis | undefined;
  /** Placed before this time. */
  readonly to?: EpochMillis | undefined;
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
  const conditions = conditionsOf(query, bind);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await pool.query<ViewRecord>(
    `${selectOrders} ${where} order by ${orderOf(query)} limit ${bind(query.limit)}`,
    values,
  );
  return rows.map(toView);
}

function conditionsOf(query: OrderQuery, bind: (value: unknown) => string): readonly string[] {
  const { id, status, reason, isFailed, needsAPerson, customerId, from, to, after } = query;
  const given = (value: unknown, condition: (bound: string) => string) =>
    value === undefined ? [] : [condition(bind(value))];
  return [
    ...(id === undefined ? [] : [oneOf(idsBetween(bind(padded(id, '0')), bind(padded(id, 'f'))))]),
    ...(needsAPerson ? [oneOf(WITH_OPEN_ATTENTION)] : []),
    ...given(customerId, (bound) => `customer_id = any (array[${bound}])`),
    ...given(status, (bound) => `status = any (array[${bound}])`),
    ...given(reason, (bound) => `reason = any (array[${bound}])`),
    ...(isFailed || reason !== undefined ? ['reason is not null'] : []),
    ...given(dateOf(from), (bound) => `placed.created_at >= ${bound}`),
    ...given(dateOf(to), (bound) => `placed.created_at < ${bound}`),
    ...given(
      dateOf(after?.createdAt),
      (bound) => `(placed.created_at, order_id) < (${bound}, ${bind(after?.orderId)})`,
    ),
  ];
}

/**
 * Newest first. The columns that the orders are filtered by come first, so that only their own index gives this order:
 * PostgreSQL would go through all newest orders until it has met enough. By `= any`, since what is `=` a value is not
 * sorted by. `created_at` alone would be what is selected, which no index is sorted by.
 */
const orderOf = ({ customerId, status, reason }: OrderQuery): string =>
  [
    ...(customerId === undefined ? [] : ['customer_id']),
    ...(reason === undefined ? [] : ['reason']),
    ...(status === undefined || reason !== undefined ? [] : ['status']),
    ...['placed.created_at desc', 'placed.order_id desc'],
  ].join(', ');

const dateOf = (at: EpochMillis | undefined) => (at === undefined ? undefined : new Date(at));

/** As an array, so that PostgreSQL reads the few ids first; of a subquery it may expect many, and read all orders instead. */
const oneOf = (ids: string): string => `order_id = any (array(${ids}))`;

const idsBetween = (first: string, last: string): string =>
  `select order_id from orders.orders where order_id between ${first} and ${last}`;

/** The first or last id that begins so; the beginning may have its hyphens. */
const padded = (beginning: string, digit: '0' | 'f'): string =>
  beginning.replaceAll('-', '').padEnd(UUID_DIGITS, digit);

const UUID_DIGITS = 32;

const WITH_OPEN_ATTENTION = `
  select order_id from orders.attention where cleared_at is null
  union select order_id from journal.unfinished where stuck_at is not null and rested_at is null`;
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
