import { Router, type Request, type Response } from 'express';
import { v4, v5 } from 'uuid';
import { z } from 'zod';
import { listEvents } from '../db/journal/event-view.js';
import { recordOperatorAction } from '../db/operator/operator-actions.js';
import { findOrderStatus, findOrderView, listOrderViews, type OrderView } from '../db/order/order-view.js';
import { isFinal, orderStatuses } from '../schemas/order-status.js';
import { findOrder } from './accepted-order.js';
import { cursorOf, moment, orderIdPart, toPage } from './cursor.js';
import type { ApiDependencies } from './dependencies.js';
import type { Feed } from './feed/feed.js';
import * as field from './http/fields.js';
import { endOfInterest, lookUntil, preferredWait } from './http/patience.js';
import { Problem, unavailable } from './http/problem.js';
import { requestIdOf } from './http/request-log.js';
import { resource } from './http/resource.js';
import { breaks, readBody, readHeader, readParameters } from './http/validate.js';
import { orderJson, orderPath, timeJson } from './order-json.js';
import { placeOrder } from './place-order.js';
import { retryNotification } from './saga-client.js';

/** Order's face for orders: placing, following and listing them, and an operator's retry of a notification. */
export function orderRouter(deps: ApiDependencies, feed: Feed): Router {
  const router = Router();
  resource(router, '/orders', { get: list.bind(undefined, deps), post: place.bind(undefined, deps) });
  resource(router, '/orders/:orderId', { get: show.bind(undefined, deps) });
  resource(router, '/orders/:orderId/events', { get: showEvents.bind(undefined, deps, feed) });
  resource(router, '/orders/:orderId/notification-retries', { post: retry.bind(undefined, deps) });
  return router;
}

const placeBody = z.strictObject({
  customerId: field.customerId,
  items: z
    .array(z.strictObject({ sku: field.sku, quantity: field.quantity(999) }))
    .refine((items) => items.length > 0, breaks('no-items', 'expected at least one item'))
    .refine((items) => items.length <= 100, breaks('too-many-items', 'expected at most 100 items'))
    .refine(
      (items) => new Set(items.map(({ sku }) => sku)).size === items.length,
      breaks('duplicate-product', 'expected each product once'),
    ),
});

async function place(deps: ApiDependencies, request: Request, response: Response): Promise<void> {
  const startedAt = Date.now();
  const { customerId, items } = readBody(request, placeBody);
  const idempotencyKey = readHeader(request, 'Idempotency-Key', field.idempotencyKey.optional());
  const signal = endOfInterest(response, deps.stopping);
  const parts = { pool: deps.pools.order, client: deps.client, log: request.log, signal };
  const correlationId = requestIdOf(request);
  const placed = await placeOrder(parts, { customerId, items, idempotencyKey, correlationId });
  const seconds = preferredWait(request);
  if (seconds !== undefined) response.set('Preference-Applied', `wait=${seconds}`);
  if (placed.isReplay) response.set('Idempotent-Replayed', 'true');
  const until = startedAt + (seconds ?? 0) * 1_000;
  const order = await waitUntilFinal(deps, placed.order, { until, everyMs: 50, signal });
  response.status(201).location(orderPath(order.orderId)).json(toJson(deps, order));
}

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

async function show(deps: ApiDependencies, request: Request, response: Response): Promise<void> {
  response.json(toJson(deps, await knownOrder(deps, request)));
}

const position = z.tuple([moment, orderIdPart]).transform(([createdAt, orderId]) => ({ createdAt, orderId }));
const listQuery = z.strictObject({
  status: z.enum(orderStatuses).optional(),
  customerId: field.customerId.optional(),
  limit: field.limit,
  cursor: cursorOf(position).optional(),
});

async function list(deps: ApiDependencies, request: Request, response: Response): Promise<void> {
  const { cursor: after, limit, ...filter } = readParameters(request.query, listQuery);
  const found = await listOrderViews(deps.pools.order, { ...filter, after, limit: limit + 1 });
  const { page, nextCursor } = toPage(found, limit, ({ createdAt, orderId }) => [createdAt, orderId]);
  response.json({ orders: page.map((order) => toJson(deps, order)), nextCursor });
}

/** What was published for an order; to those who ask for `text/event-stream`, its whole story, and then as it goes on. */
async function showEvents(
  deps: ApiDependencies,
  feed: Feed,
  request: Request,
  response: Response,
): Promise<void> {
  const { orderId } = await knownOrder(deps, request);
  response.vary('Accept');
  if (request.accepts('json', 'text/event-stream') === 'text/event-stream')
    return feed.open(request, response, orderId);
  const events = await listEvents(deps.pools.order, orderId);
  response.json({ events: events.map((event) => ({ ...event, occurredAt: timeJson(event.occurredAt) })) });
}

const RETRIES = '0d6a5a5e-94d6-4d8b-a5b4-9c8f2f1c6b37';

async function retry(deps: ApiDependencies, request: Request, response: Response): Promise<void> {
  const operator = readHeader(request, 'Operator', field.operator);
  const key = readHeader(request, 'Idempotency-Key', field.idempotencyKey.optional());
  const { orderId } = await knownOrder(deps, request);
  const updateId = key === undefined ? v4() : v5(`${orderId}\n${key}`, RETRIES);
  const requestedAt = new Date().toISOString();
  const answer = await retryNotification(deps.client, orderId, operator, updateId);
  // One that is accepted is recorded by Notification, together with what it does.
  if (answer !== 'ACCEPTED') {
    const action = 'NOTIFICATION_RETRY';
    await recordOperatorAction(deps.pools.operator, {
      action,
      operator,
      orderId,
      outcome: answer,
      detail: '',
    });
  }
  switch (answer) {
    case 'ACCEPTED':
      response.status(202).json({ orderId, operator, requestedAt });
      return;
    case 'NOT_PARKED':
      throw new Problem('notification-not-parked', 'its attempts are not used up, or it has been sent');
    case 'NO_ANSWER':
      throw unavailable('no Notification worker has answered');
  }
}

async function knownOrder({ pools, client }: ApiDependencies, request: Request): Promise<OrderView> {
  const { orderId } = readParameters(request.params, z.object({ orderId: field.orderId }));
  const order = await findOrder(pools.order, client, orderId);
  if (!order) throw new Problem('not-found', `there is no order ${orderId}`);
  return order;
}

const toJson = ({ temporalUiUrl, client }: ApiDependencies, order: OrderView) =>
  orderJson(order, { url: temporalUiUrl, namespace: client.options.namespace });
