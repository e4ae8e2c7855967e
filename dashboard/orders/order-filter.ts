import type { FeedMessage } from '../feed/messages.js';
import type { OrderRow } from './order-row.js';

/** The filters of the list, by the names that they have in the API and in the page's URL. */
const names = ['id', 'customerId', 'status', 'reason', 'failed', 'attention', 'from', 'to'] as const;

/** What has to hold of an order in the list; null is not asked for. */
export type OrderFilter = Readonly<Record<(typeof names)[number], string | null>>;

export const filterOf = (query: URLSearchParams): OrderFilter =>
  Object.fromEntries(names.map((name) => [name, query.get(name) || null])) as OrderFilter;

export const noFilter: OrderFilter = filterOf(new URLSearchParams());

export const isFiltered = (filter: OrderFilter): boolean => names.some((name) => filter[name] !== null);

export const isSameFilter = (one: OrderFilter, other: OrderFilter): boolean =>
  names.every((name) => one[name] === other[name]);

/** For the URL. */
export const queryOf = (filter: OrderFilter): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, filter[name] ?? '']));

export const matches = (filter: OrderFilter, row: OrderRow): boolean =>
  isInTime(filter, row.createdAt) &&
  isAny(filter.customerId, row.customerId) &&
  beginsWith(filter.id, row.orderId) &&
  isInState(filter, row) &&
  (filter.attention === null || row.attention.some(({ clearedAt }) => clearedAt === null));

/** Whether a message can mean that an order belongs in the list which did not before. */
export function mayBelong(filter: OrderFilter, { kind, data }: FeedMessage): boolean {
  if (!beginsWith(filter.id, data.orderId)) return false;
  if (kind === 'attention') return filter.attention !== null && data.clearedAt === null;
  return kind === 'status' && asksForState(filter) && isInState(filter, data);
}

const asksForState = ({ status, reason, failed }: OrderFilter): boolean =>
  [status, reason, failed].some((asked) => asked !== null);

const isInState = (filter: OrderFilter, { status, reason }: Pick<OrderRow, 'status' | 'reason'>): boolean =>
  isAny(filter.status, status) && isAny(filter.reason, reason) && (filter.failed === null || reason !== null);

const isInTime = ({ from, to }: OrderFilter, createdAt: string): boolean => {
  const at = Date.parse(createdAt);
  return (from === null || at >= Date.parse(from)) && (to === null || at < Date.parse(to));
};

const isAny = (asked: string | null, value: string | null): boolean => asked === null || asked === value;

const digits = (id: string): string => id.replaceAll('-', '').toLowerCase();

const beginsWith = (beginning: string | null, orderId: string): boolean =>
  beginning === null || digits(orderId).startsWith(digits(beginning));
