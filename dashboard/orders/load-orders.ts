import { limits } from '../../schemas/limits.js';
import { api } from '../api/api.js';
import type { Order } from '../api/documents.js';

type Query = Parameters<typeof api.orders>[0];

interface Loaded {
  readonly orders: readonly Order[];
  readonly nextCursor: string | null;
}

/** So many of the orders that match, newest first, in as many pages as it takes. */
export async function loadOrders(query: Query, count: number): Promise<Loaded> {
  const limit = Math.min(count, limits.page.max);
  const page = await api.orders({ ...query, limit });
  const left = count - page.orders.length;
  if (page.nextCursor === null || left <= 0) return page;
  const rest = await loadOrders({ ...query, cursor: page.nextCursor }, left);
  return { ...rest, orders: [...page.orders, ...rest.orders] };
}
