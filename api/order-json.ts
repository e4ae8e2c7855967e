import type { OrderView } from '../db/order/order-view.js';
import type { EpochMillis, OrderId } from '../schemas/ids.js';
import { ORDER_ID_ATTRIBUTE } from '../schemas/services.js';

/** Where the Web UI is, and in which namespace the sagas are. */
export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

/** An order as the API shows it: times in RFC 3339, and links to itself, its events and its four participants. */
export function orderJson(order: OrderView, ui: TemporalUi) {
  const { orderId, placement, status, reason, history, attention } = order;
  return {
    orderId,
    customerId: placement.customerId,
    items: placement.items,
    total: placement.total,
    status,
    reason,
    attention: attention.map(({ code, since, clearedAt }) => ({
      code,
      since: timeJson(since),
      clearedAt: timeJson(clearedAt),
    })),
    toldAt: timeJson(order.toldAt),
    refundedAt: timeJson(order.refundedAt),
    createdAt: timeJson(order.createdAt),
    updatedAt: timeJson(order.updatedAt),
    history: history.map(({ status, at, eventId }) => ({ status, at: timeJson(at), eventId })),
    links: {
      self: orderPath(orderId),
      events: `${orderPath(orderId)}/events`,
      temporal: sagaUrl(orderId, ui),
    },
  };
}

export const orderPath = (orderId: OrderId): string => `/orders/${orderId}`;

/** RFC 3339 in UTC with milliseconds. */
export const timeJson = (at: EpochMillis | null): string | null =>
  at === null ? null : new Date(at).toISOString();

/** The Web UI's list of the four participants. */
function sagaUrl(orderId: OrderId, { url, namespace }: TemporalUi): string {
  const query = encodeURIComponent(`${ORDER_ID_ATTRIBUTE}="${orderId}"`);
  return `${url.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows?query=${query}`;
}
