import type { Client } from '@temporalio/client';
import { v4, v5 } from 'uuid';
import type { Pool } from '../../db/pool.js';
import { findOrderView, type OrderView } from '../../db/order/order-view.js';
import type { Logger } from '../../platform/logger.js';
import type { CorrelationId, CustomerId, OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import { digestOf } from '../request-digest.js';
import { lookUntil } from '../http/prefer.js';
import { Problem, unavailable } from '../http/problem.js';
import { viewAccepted } from './find-order.js';
import { pricePlacement, type OrderedItem } from './price-order.js';
import { findAccepted, startOrder, type AcceptedOrder } from '../saga-client.js';

export interface PlaceOrder {
  readonly customerId: CustomerId;
  readonly items: readonly OrderedItem[];
  readonly idempotencyKey: string | undefined;
  readonly correlationId: CorrelationId;
}

export interface PlacedOrder {
  readonly order: OrderView;
  /** The order had been placed before, under the same key. */
  readonly isReplay: boolean;
}

export interface PlacingParts {
  readonly pool: Pool;
  readonly client: Client;
  readonly log: Logger;
  /** Ends the wait for the order to be stored. */
  readonly signal: AbortSignal;
}

const STORED_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 25;
const NAMESPACE = 'b2f6a0f4-6f0b-4a3c-8c55-1d7c3f0a9e21';

/**
 * Places an order by starting its order participant: from then on it will be stored and finished. Under an
 * idempotency key the order's id follows from customer and key, so that a repeat finds the first one, stored or
 * running. Throws a Problem when the order cannot be placed, and then none was, or when the key had another use.
 */
export async function placeOrder(parts: PlacingParts, request: PlaceOrder): Promise<PlacedOrder> {
  const { customerId, items, idempotencyKey: key, correlationId } = request;
  const orderId = (key === undefined ? v4() : v5(`${customerId}\n${key}`, NAMESPACE)) as OrderId;
  const requestDigest = key === undefined ? null : digestOf({ customerId, items: sortedBySku(items) });
  // Before prices and products are looked at: they may have changed since.
  const earlier = key === undefined ? undefined : await findOrderView(parts.pool, orderId);
  if (earlier) return answerWith(earlier, requestDigest, correlationId);

  const priced = await pricePlacement(parts.pool, customerId, items);
  const placement: Placement = { ...priced, correlationId, requestDigest };
  await startOrder(parts.client, orderId, placement);
  const order = (await waitUntilStored(parts, orderId)) ?? (await showAccepted(parts, orderId, placement));
  return answerWith(order, requestDigest, correlationId);
}

function answerWith(
  order: OrderView,
  requestDigest: string | null,
  correlationId: CorrelationId,
): PlacedOrder {
  if (order.placement.requestDigest !== requestDigest)
    throw new Problem('idempotency-key-reused', 'the key belongs to another order of this customer');
  return { order, isReplay: order.placement.correlationId !== correlationId };
}

/** The order is accepted, so trouble while looking for it does not make the placing fail. */
function waitUntilStored(
  { pool, log, signal }: PlacingParts,
  orderId: OrderId,
): Promise<OrderView | undefined> {
  const look = () =>
    findOrderView(pool, orderId).catch((error: unknown) => {
      log.debug({ err: error, orderId }, 'cannot look for an accepted order');
      return undefined;
    });
  return lookUntil(look, { until: Date.now() + STORED_WITHIN_MS, everyMs: LOOK_EVERY_MS, signal });
}

/** A run without a placement, started by a stray signal, swallows the start; it ends by itself at once. */
async function showAccepted(parts: PlacingParts, orderId: OrderId, ours: Placement): Promise<OrderView> {
  const accepted = await acceptedOr(parts, orderId, ours);
  if (accepted === undefined) throw unavailable('the order could not be placed just now');
  return viewAccepted(orderId, accepted);
}

/** Without a key nobody else can have placed this order, so what we sent is what was accepted. */
async function acceptedOr(
  { client }: PlacingParts,
  orderId: OrderId,
  ours: Placement,
): Promise<AcceptedOrder | undefined> {
  const accepted = findAccepted(client, orderId);
  if (ours.requestDigest !== null) return accepted;
  return accepted.catch(() => ({ placement: ours, acceptedAt: Date.now() as AcceptedOrder['acceptedAt'] }));
}

/** The order of the items means nothing. */
const sortedBySku = (items: readonly OrderedItem[]) =>
  items.map(({ sku, quantity }) => [sku, quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1));
