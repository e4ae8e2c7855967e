import { z } from 'zod';
import { findOrderStatus, findOrderView, listOrderViews, type OrderView } from '../../db/order/order-view.js';
import { isFinal, orderStatuses } from '../../schemas/order-status.js';
import { knownOrder } from './find-order.js';
import * as shown from '../http/response-fields.js';
import { cursorOf, moment, orderIdPart, toPage } from '../http/paging.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Feed } from '../feed/feed.js';
import type { Face } from '../http/router.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { endOfInterest, lookUntil, preferredWait } from '../http/prefer.js';
import { requestIdOf } from '../http/request-log.js';
import { breaks } from '../http/validate.js';
import { retryNotification } from './post-notification-retry.js';
import { showEvents } from './get-events.js';
import { orderDocument, orderJson, orderPath } from './order-document.js';
import { placeOrder } from './place-order.js';

/** Order's face for orders: placing, following and listing them, and an operator's retry of a notification. */
export const orderFace = (deps: ApiDependencies, feed: Feed): Face => ({
  name: 'Order',
  description: 'Orders: placing, following and listing them.',
  resources: {
    '/orders': { get: list(deps), post: place(deps) },
    '/orders/{orderId}': { get: show(deps) },
    '/orders/{orderId}/events': { get: showEvents(deps, feed) },
    '/orders/{orderId}/notification-retries': { post: retryNotification(deps) },
  },
});

const placeBody = z.strictObject({
  customerId: field.customerId,
  items: z
    .array(z.strictObject({ sku: field.sku, quantity: field.quantity(999) }))
    .refine((items) => items.length > 0, breaks('no-items', 'expected at least one item'))
    .refine((items) => items.length <= 100, breaks('too-many-items', 'expected at most 100 items'))
    .refine(
      (items) => new Set(items.map(({ sku }) => sku)).size === items.length,
      breaks('duplicate-product', 'expected each product once'),
    )
    .meta({ minItems: 1, maxItems: 100 }),
});

const place = (deps: ApiDependencies) =>
  operation({
    id: 'placeOrder',
    summary: 'Places an order at the server’s prices',
    description:
      'Once it is placed, it will be finished, one way or the other. Under an Idempotency-Key a repeat is answered ' +
      'with the same order.',
    headers: z.object({
      'Idempotency-Key': field.idempotencyKey.optional(),
      Prefer: z
        .string()
        .optional()
        .meta({
          description:
            '`wait=N` (RFC 7240) holds the answer back until the order is final, N seconds at most.',
          examples: ['wait=1'],
        }),
    }),
    body: placeBody,
    answers: {
      201: {
        description: 'The order is placed',
        body: orderDocument,
        headers: z.object({
          Location: z.string(),
          'Preference-Applied': z.string().optional(),
          ...shown.replayHeader.shape,
        }),
      },
    },
    problems: [
      'unknown-customer',
      'unknown-product',
      'no-items',
      'too-many-items',
      'duplicate-product',
      'quantity-out-of-range',
      'mixed-currencies',
      'total-too-large',
      'idempotency-key-reused',
    ],
    handle: async ({ body: { customerId, items }, headers, request, response }) => {
      const startedAt = Date.now();
      const idempotencyKey = headers['Idempotency-Key'];
      const signal = endOfInterest(response, deps.stopping);
      const parts = { pool: deps.pools.order, client: deps.client, log: request.log, signal };
      const correlationId = requestIdOf(request);
      const placed = await placeOrder(parts, { customerId, items, idempotencyKey, correlationId });
      const seconds = preferredWait(request);
      response.vary('Prefer');
      const until = startedAt + (seconds ?? 0) * 1_000;
      const order = await waitUntilFinal(deps, placed.order, { until, everyMs: 50, signal });
      return {
        status: 201,
        headers: {
          Location: orderPath(order.orderId),
          'Preference-Applied': seconds === undefined ? undefined : `wait=${seconds}`,
          ...shown.replayHeaderIf(placed.isReplay),
        },
        body: toJson(deps, order),
      };
    },
  });

/** The order as it is when it is final, or when patience ends. It is placed: trouble while looking ends the wait. */
async function waitUntilFinal(
  { pools, log }: ApiDependencies,
  order: OrderView,
  patience: Parameters<typeof lookUntil>[1],
): Promise<OrderView> {
  if (isFinal(order.status) || Date.now() >= patience.until) return order;
  try {
    await lookUntil(async () => {
      const status = await findOrderStatus(pools.order, order.orderId);
      return status !== undefined && isFinal(status) ? status : undefined;
    }, patience);
    return (await findOrderView(pools.order, order.orderId)) ?? order;
  } catch (error) {
    log.warn({ err: error, orderId: order.orderId }, 'cannot follow an order that was placed');
    return order;
  }
}

const show = (deps: ApiDependencies) =>
  operation({
    id: 'showOrder',
    summary: 'Shows an order and what has become of it',
    path: z.object({ orderId: field.orderId }),
    answers: { 200: { description: 'The order', body: orderDocument } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { orderId } }) => ({
      status: 200,
      body: toJson(deps, await knownOrder(deps, orderId)),
    }),
  });

const position = z.tuple([moment, orderIdPart]).transform(([createdAt, orderId]) => ({ createdAt, orderId }));

const list = (deps: ApiDependencies) =>
  operation({
    id: 'listOrders',
    summary: 'Lists orders, newest first',
    query: z.strictObject({
      status: z.enum(orderStatuses).optional(),
      customerId: field.customerId.optional(),
      limit: field.limit,
      cursor: cursorOf(position).optional(),
    }),
    answers: { 200: { description: 'A page of orders', body: shown.pageOf('orders', orderDocument) } },
    caching: 'private',
    handle: async ({ query: { cursor: after, limit, ...filter } }) => {
      const found = await listOrderViews(deps.pools.order, { ...filter, after, limit: limit + 1 });
      const { page, nextCursor } = toPage(found, limit, ({ createdAt, orderId }) => [createdAt, orderId]);
      return { status: 200, body: { orders: page.map((order) => toJson(deps, order)), nextCursor } };
    },
  });

const toJson = ({ temporalUiUrl, client }: ApiDependencies, order: OrderView) =>
  orderJson(order, { url: temporalUiUrl, namespace: client.options.namespace });
