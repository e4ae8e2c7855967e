import type { Order } from '../api/documents.js';
import type { FeedData } from '../api/documents.js';
import type { FeedMessage } from '../feed/messages.js';

/** What a row of the list shows. */
export type OrderRow = Pick<
  Order,
  'orderId' | 'customerId' | 'items' | 'total' | 'status' | 'attention' | 'createdAt' | 'updatedAt'
> & { readonly reason: string | null };

export interface OrderFilter {
  readonly status: string | null;
  readonly customerId: string | null;
}

/** The newest orders that match the filter, updated by the feed. */
export interface OrderList {
  readonly filter: OrderFilter;
  readonly rows: readonly OrderRow[];
  readonly nextCursor: string | null;
  readonly isLoading: boolean;
  /** Messages that arrived while the list was loading. They may be newer than the list. */
  readonly pending: readonly FeedMessage[];
}

export type Change =
  | { readonly kind: 'load'; readonly filter: OrderFilter }
  | {
      readonly kind: 'loaded' | 'loaded more';
      readonly orders: readonly OrderRow[];
      readonly nextCursor: string | null;
    }
  | { readonly kind: 'failed' }
  | { readonly kind: 'found'; readonly order: OrderRow }
  | { readonly kind: 'message'; readonly message: FeedMessage };

export const emptyList: OrderList = {
  filter: { status: null, customerId: null },
  rows: [],
  nextCursor: null,
  isLoading: true,
  pending: [],
};

export function changeList(list: OrderList, change: Change): OrderList {
  switch (change.kind) {
    case 'load': {
      const isSame = filterKey(list.filter) === filterKey(change.filter);
      return { ...emptyList, filter: change.filter, rows: isSame ? list.rows : [] };
    }
    case 'loaded':
      return list.pending.reduce(applyMessage, {
        ...list,
        rows: change.orders,
        nextCursor: change.nextCursor,
        isLoading: false,
        pending: [],
      });
    case 'loaded more': {
      const known = new Set(list.rows.map(({ orderId }) => orderId));
      const rows = [...list.rows, ...change.orders.filter(({ orderId }) => !known.has(orderId))];
      return { ...list, rows, nextCursor: change.nextCursor };
    }
    case 'failed':
      return { ...list, isLoading: false };
    case 'found':
      return matches(list.filter, change.order) ? insert(list, change.order) : list;
    case 'message':
      return list.isLoading
        ? { ...list, pending: [...list.pending, change.message] }
        : applyMessage(list, change.message);
  }
}

/** Whether an order with this status belongs in the list but is not there yet. */
export const isMissing = (list: OrderList, { orderId, status }: FeedData['status']): boolean =>
  list.filter.status === status && !list.rows.some((row) => row.orderId === orderId);

const filterKey = ({ status, customerId }: OrderFilter): string => `${status ?? ''} ${customerId ?? ''}`;

const matches = ({ status, customerId }: OrderFilter, row: OrderRow): boolean =>
  (status === null || row.status === status) && (customerId === null || row.customerId === customerId);

function applyMessage(list: OrderList, { kind, data }: FeedMessage): OrderList {
  switch (kind) {
    case 'placed': {
      const row = placedRow(data);
      return matches(list.filter, row) ? insert(list, row) : list;
    }
    case 'status':
      return update(list, data.orderId, (row) =>
        data.at < row.updatedAt
          ? row
          : { ...row, status: data.status, reason: data.reason, updatedAt: data.at },
      );
    case 'attention':
      return update(list, data.orderId, (row) => ({
        ...row,
        attention: [...row.attention.filter(({ code }) => code !== data.code), data],
      }));
    case 'published':
    case 'delivered':
    case 'dropped':
    case 'quarantined':
    case 'attempt':
    case 'notification':
    case 'operator':
      return list;
  }
}

const placedRow = (data: FeedData['placed']): OrderRow => ({
  orderId: data.orderId,
  customerId: data.customerId,
  items: data.items,
  total: data.total,
  status: 'PENDING_PAYMENT',
  reason: null,
  attention: [],
  createdAt: data.at,
  updatedAt: data.at,
});

/** Inserts an order by age, unless it is listed already. */
function insert(list: OrderList, row: OrderRow): OrderList {
  if (list.rows.some(({ orderId }) => orderId === row.orderId)) return list;
  const place = list.rows.findIndex(({ createdAt }) => createdAt <= row.createdAt);
  const isBelow = place < 0;
  if (isBelow && list.nextCursor !== null) return list;
  return { ...list, rows: list.rows.toSpliced(isBelow ? list.rows.length : place, 0, row) };
}

/** Changes a row, and removes it if it no longer matches the filter. */
function update(list: OrderList, orderId: string, change: (row: OrderRow) => OrderRow): OrderList {
  const index = list.rows.findIndex((row) => row.orderId === orderId);
  const row = list.rows[index];
  if (!row) return list;
  const changed = change(row);
  const rows = matches(list.filter, changed) ? list.rows.with(index, changed) : list.rows.toSpliced(index, 1);
  return { ...list, rows };
}
