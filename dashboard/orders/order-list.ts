import type { FeedMessage } from '../feed/messages.js';
import { isSameFilter, matches, mayBelong, noFilter, type OrderFilter } from './order-filter.js';
import { placedRow, type OrderRow } from './order-row.js';

/** The newest orders that match the filter, updated by the feed. */
export interface OrderList {
  readonly filter: OrderFilter;
  readonly rows: readonly OrderRow[];
  /** How many rows the reader has asked for. */
  readonly wanted: number;
  readonly next: Next | null;
  /** There are orders above the first row, or may be. */
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** What arrived while the list was loading. It may be newer than the list. */
  readonly pending: readonly Arrival[];
}

/** Where the list goes on after its last row: at the API's cursor, or with what was created before a time. */
export type Next = { readonly cursor: string } | { readonly to: string };

export interface Arrival {
  readonly message: FeedMessage;
  /** The reader is further down in the list, where nothing may move. */
  readonly isReading: boolean;
}

interface Loaded {
  readonly orders: readonly OrderRow[];
  readonly nextCursor: string | null;
}

export type Change =
  | { readonly kind: 'load'; readonly filter: OrderFilter }
  | ({ readonly kind: 'loaded'; readonly hasNewer: boolean } & Loaded)
  | ({ readonly kind: 'loaded more'; readonly after: Next | null } & Loaded)
  | { readonly kind: 'failed' }
  | { readonly kind: 'found'; readonly order: OrderRow; readonly isReading: boolean }
  | ({ readonly kind: 'message' } & Arrival);

/** How many orders a list begins with. */
export const FIRST_PAGE = 25;
/** How many rows may arrive before the end of the list is cut off. */
const SLACK = 100;

export const emptyList: OrderList = {
  filter: noFilter,
  rows: [],
  wanted: FIRST_PAGE,
  next: null,
  hasNewer: false,
  isLoading: true,
  pending: [],
};

export function changeList(list: OrderList, change: Change): OrderList {
  switch (change.kind) {
    case 'load':
      return isSameFilter(list.filter, change.filter)
        ? { ...list, isLoading: true, pending: [] }
        : { ...emptyList, filter: change.filter };
    case 'loaded':
      return catchUp({
        ...list,
        rows: change.orders,
        wanted: Math.max(FIRST_PAGE, change.orders.length),
        next: atCursor(change),
        hasNewer: change.hasNewer,
      });
    case 'loaded more':
      return list.next === change.after ? append(list, change) : list;
    case 'failed':
      return catchUp(list);
    case 'found':
      return matches(list.filter, change.order) ? insert(list, change.order, change.isReading) : list;
    case 'message':
      return list.isLoading ? { ...list, pending: [...list.pending, change] } : applyMessage(list, change);
  }
}

/** Whether an order belongs in the list, judging by a message, but is not there yet. */
export const isMissing = ({ filter, rows }: OrderList, message: FeedMessage): boolean =>
  mayBelong(filter, message) && !rows.some(({ orderId }) => orderId === message.data.orderId);

/** What to ask the API for, to go on after the last row. */
export const queryOfNext = (list: OrderList): Readonly<Record<string, string | null>> => ({
  ...list.filter,
  ...list.next,
});

/** The orders up to the first row, should the list be loaded again where it is; undefined if it is empty. */
export const upToFirst = ({ rows: [first] }: OrderList): string | undefined => first && justAfter(first);

const atCursor = ({ nextCursor }: Loaded): Next | null =>
  nextCursor === null ? null : { cursor: nextCursor };

/** The first moment that is later; the API tells times in whole milliseconds. */
const justAfter = ({ createdAt }: OrderRow): string => new Date(Date.parse(createdAt) + 1).toISOString();

const catchUp = (list: OrderList): OrderList =>
  list.pending.reduce(applyMessage, { ...list, isLoading: false, pending: [] });

function append(list: OrderList, more: Loaded): OrderList {
  const known = new Set(list.rows.map(({ orderId }) => orderId));
  const rows = [...list.rows, ...more.orders.filter(({ orderId }) => !known.has(orderId))];
  return { ...list, rows, wanted: rows.length, next: atCursor(more) };
}

function applyMessage(list: OrderList, { message: { kind, data }, isReading }: Arrival): OrderList {
  switch (kind) {
    case 'placed': {
      const row = placedRow(data);
      return matches(list.filter, row) ? insert(list, row, isReading) : list;
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

/** Inserts an order by age, unless it is listed already. Above a reader, it only says that there is something newer. */
function insert(list: OrderList, row: OrderRow, isReading: boolean): OrderList {
  if (list.rows.some(({ orderId }) => orderId === row.orderId)) return list;
  const place = list.rows.findIndex(({ createdAt }) => createdAt <= row.createdAt);
  const isBelow = place < 0;
  if (isBelow && list.next !== null) return list;
  if (isReading && !isBelow) return { ...list, hasNewer: true };
  return cut({ ...list, rows: list.rows.toSpliced(isBelow ? list.rows.length : place, 0, row) });
}

/** Cuts off what the reader has not asked for, now and then, so that a live list stays as long as it is. */
function cut(list: OrderList): OrderList {
  if (list.rows.length <= list.wanted + SLACK) return list;
  const rows = list.rows.slice(0, list.wanted);
  const last = rows.at(-1);
  return last ? { ...list, rows, next: { to: justAfter(last) } } : list;
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
