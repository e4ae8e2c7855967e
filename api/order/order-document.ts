import { z } from 'zod';
import type { OrderView } from '../../db/order/order-view.js';
import type { EpochMillis, OrderId } from '../../schemas/ids.js';
import { attentionCodes, orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
import { ORDER_ID_ATTRIBUTE } from '../../schemas/services.js';
import * as shown from '../http/response-fields.js';

/** Where the Web UI is, and in which namespace the sagas are. */
export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

const status = z.enum(orderStatuses).meta({ id: 'OrderStatus' });

/** An order as the API shows it. */
export const orderDocument = z
  .strictObject({
    orderId: shown.uuid,
    customerId: shown.customerId,
    items: z.array(z.strictObject({ sku: shown.sku, quantity: z.int(), unitPrice: shown.money })),
    total: shown.money,
    status,
    reason: z.enum(reasons).nullable().meta({ description: 'why it was not completed' }),
    attention: z
      .array(
        z.strictObject({ code: z.enum(attentionCodes), since: shown.time, clearedAt: shown.time.nullable() }),
      )
      .meta({ description: 'why it needs a person, or needed one until `clearedAt`' }),
    toldAt: shown.time.nullable().meta({ description: 'when the customer was told that it is complete' }),
    refundedAt: shown.time.nullable(),
    createdAt: shown.time,
    updatedAt: shown.time,
    history: z
      .array(
        z.strictObject({
          status,
          at: shown.time,
          eventId: shown.uuid
            .nullable()
            .meta({ description: 'the event; null for the placement and for timers' }),
        }),
      )
      .meta({ description: 'empty until the order is stored' }),
    links: z.strictObject({
      self: z.string(),
      events: z.string(),
      temporal: z.string().meta({ description: 'the four participants in Temporal’s Web UI' }),
    }),
  })
  .meta({ id: 'Order' });

/** Times in RFC 3339, and links to the order itself, its events and its four participants. */
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
export function timeJson(at: EpochMillis): string;
export function timeJson(at: EpochMillis | null): string | null;
export function timeJson(at: EpochMillis | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** The Web UI's list of the four participants. */
function sagaUrl(orderId: OrderId, { url, namespace }: TemporalUi): string {
  const query = encodeURIComponent(`${ORDER_ID_ATTRIBUTE}="${orderId}"`);
  return `${url.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows?query=${query}`;
}
