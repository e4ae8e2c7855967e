import type { Client } from '@temporalio/client';
import { v4, v5 } from 'uuid';
import type { Pool } from '../../core/postgres/pool.js';
import { findOrderView, type OrderView } from '../../db/order/order-view.js';
import type { Logger } from '../../platform/logger.js';
import type { CorrelationId } from '../../core/event.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import { poll } from '../poll.js';
import { digestOf } from '../request-digest.js';
import { findAccepted, startOrder, type AcceptedOrder } from '../saga-client.js';
import { viewAccepted } from './find-order.js';
import { priceOrder, type OrderedItem, type PricingRefusal } from './price-order.js';

export interface PlaceOrder {
  readonly customerId: CustomerId;
  readonly items: readonly OrderedItem[];
  readonly idempotencyKey: string | undefined;
  readonly correlationId: CorrelationId;
}

export interface PlacingDependencies {
  readonly pool: Pool;
  readonly client: Client;
  readonly log: Logger;
  /** Ends the wait for the order to be stored. */
  readonly signal: AbortSignal;
}

export interface PlacedOrder {
  readonly refusal?: undefined;
  readonly order: OrderView;
  /** The order was placed before, under the same key. */
  readonly isReplay: boolean;
}

/**
 * Why no order was placed. KEY_REUSED: the key belongs to another order. NOT_ACCEPTED: a run without a placement
 * swallowed the start; it ends at once, so a retry succeeds.
 */
export type OrderRefusal =
  | PricingRefusal
  | { readonly reason: 'KEY_REUSED'; readonly by: 'order' }
  | { readonly reason: 'NOT_ACCEPTED' };

export type PlacingResult = PlacedOrder | { readonly refusal: OrderRefusal };

const STORED_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 25;
const NAMESPACE = 'b2f6a0f4-6f0b-4a3c-8c55-1d7c3f0a9e21';

/**
 * Places an order by starting its order participant, which guarantees that it will be stored and finished. With an
 * idempotency key, the order's id follows from customer and key, so that a repeat finds the first order, stored or
 * still running.
 */
export async function placeOrder(deps: PlacingDependencies, request: PlaceOrder): Promise<PlacingResult> {
  const { customerId, items, idempotencyKey: key, correlationId } = request;
  const orderId = (key === undefined ? v4() : v5(`${customerId}\n${key}`, NAMESPACE)) as OrderId;
  const requestDigest = key === undefined ? null : digestOf({ customerId, items: sortedBySku(items) });
  // Before the prices: they may have changed since the first request.
  const earlier = key === undefined ? undefined : await findOrderView(deps.pool, orderId);
  if (earlier) return asPlaced(earlier, requestDigest, correlationId);

  const priced = await priceOrder(deps.pool, customerId, items);
  if (priced.refusal) return priced;
  const placement: Placement = { ...priced, correlationId, requestDigest };
  await startOrder(deps.client, orderId, placement);
  const order = (await waitUntilStored(deps, orderId)) ?? (await viewStarted(deps, orderId, placement));
  return order ? asPlaced(order, requestDigest, correlationId) : { refusal: { reason: 'NOT_ACCEPTED' } };
}

function asPlaced(
  order: OrderView,
  requestDigest: string | null,
  correlationId: CorrelationId,
): PlacingResult {
  if (order.placement.requestDigest !== requestDigest)
    return { refusal: { reason: 'KEY_REUSED', by: 'order' } };
  return { order, isReplay: order.placement.correlationId !== correlationId };
}

/** The order is accepted by now, so a failure to look it up does not fail the placing. */
function waitUntilStored(
  { pool, log, signal }: PlacingDependencies,
  orderId: OrderId,
): Promise<OrderView | undefined> {
  const look = () =>
    findOrderView(pool, orderId).catch((error: unknown) => {
      log.debug({ err: error, orderId }, 'cannot look up an accepted order');
      return undefined;
    });
  return poll(look, { until: Date.now() + STORED_WITHIN_MS, everyMs: LOOK_EVERY_MS, signal });
}

/** Undefined if a run without a placement, started by a malformed signal, swallowed the start. */
async function viewStarted(
  deps: PlacingDependencies,
  orderId: OrderId,
  ours: Placement,
): Promise<OrderView | undefined> {
  const accepted = await acceptedOr(deps, orderId, ours);
  return accepted && viewAccepted(orderId, accepted);
}

/** Without a key nobody else can have placed this order, so if Temporal is away, ours is what it accepted. */
async function acceptedOr(
  { client }: PlacingDependencies,
  orderId: OrderId,
  ours: Placement,
): Promise<AcceptedOrder | undefined> {
  const accepted = findAccepted(client, orderId);
  if (ours.requestDigest !== null) return accepted;
  return accepted.catch(() => ({ placement: ours, acceptedAt: Date.now() as AcceptedOrder['acceptedAt'] }));
}

/** The sequence of the items carries no meaning. */
const sortedBySku = (items: readonly OrderedItem[]) =>
  items.map(({ sku, quantity }) => [sku, quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1));
