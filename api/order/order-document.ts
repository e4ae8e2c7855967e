import { z } from 'zod';
import type { OrderView } from '../../db/order/order-view.js';
import type { OrderId } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import { attentionCodes, orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
import { ORDER_ID_ATTRIBUTE } from '../../schemas/services.js';
import type { ApiDependencies } from '../dependencies.js';
import { isoTime } from '../http/iso-time.js';
import * as shown from '../http/response-fields.js';

const status = shown.openEnum(orderStatuses).meta({ id: 'OrderStatus' });

const attention = z.strictObject({
  code: shown.openEnum(attentionCodes),
  since: shown.time,
  clearedAt: shown.time.nullable(),
});

const historyEntry = z.strictObject({
  status,
  at: shown.time,
  eventId: shown.uuid.nullable().meta({ description: 'the event; null for the placement and for timers' }),
});

/** An order as the API shows it. */
export const orderDocument = z
  .strictObject({
    orderId: shown.uuid,
    customerId: shown.customerId,
    items: z.array(
      z.strictObject({ sku: shown.sku, quantity: shown.bounded(limits.quantity), unitPrice: shown.money }),
    ),
    total: shown.money,
    status,
    reason: shown.openEnum(reasons).nullable().meta({ description: 'why it was not completed' }),
    attention: z
      .array(attention)
      .meta({ description: 'why it needs a person, or needed one until `clearedAt`' }),
    toldAt: shown.time.nullable().meta({ description: 'when the customer was told that it is complete' }),
    refundedAt: shown.time.nullable(),
    createdAt: shown.time,
    updatedAt: shown.time,
    history: z.array(historyEntry),
    links: z.strictObject({
      self: z.string(),
      events: z.string(),
      temporal: z.string().meta({ description: 'its four participants in Temporal’s Web UI' }),
    }),
  })
  .meta({ id: 'Order' });

type Links = Pick<ApiDependencies, 'temporalUiUrl' | 'client'>;

export function orderJson(deps: Links, order: OrderView) {
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
      since: isoTime(since),
      clearedAt: isoTime(clearedAt),
    })),
    toldAt: isoTime(order.toldAt),
    refundedAt: isoTime(order.refundedAt),
    createdAt: isoTime(order.createdAt),
    updatedAt: isoTime(order.updatedAt),
    history: history.map(({ status, at, eventId }) => ({ status, at: isoTime(at), eventId })),
    links: {
      self: orderPath(orderId),
      events: `${orderPath(orderId)}/events`,
      temporal: participantsUrl(orderId, deps),
    },
  };
}

export const orderPath = (orderId: OrderId): string => `/orders/${orderId}`;

/** The Web UI's list of the order's participants. */
function participantsUrl(orderId: OrderId, { temporalUiUrl, client }: Links): string {
  const query = encodeURIComponent(`${ORDER_ID_ATTRIBUTE}="${orderId}"`);
  const namespace = encodeURIComponent(client.options.namespace);
  return `${temporalUiUrl.replace(/\/+$/, '')}/namespaces/${namespace}/workflows?query=${query}`;
}
