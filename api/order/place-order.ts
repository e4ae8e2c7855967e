import type { Client } from '@temporalio/client';
import type { CorrelationId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import { OutcomeUnknown } from '../../core/postgres/transaction.js';
import type { PlacedOrder } from '../../db/order/order-row.js';
import { findOrderView, viewOf, type OrderView } from '../../db/order/order-view.js';
import { orderStore } from '../../db/order/orders.js';
import { placeOrder as storeOrder, type OrderWaits } from '../../db/order/place-order.js';
import type { Logger } from '../../platform/logger.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';
import type { Placement } from '../../schemas/placement.js';
import { digestOf } from '../request-digest.js';
import { startOrder } from '../saga-client.js';
import { priceOrder, type OrderedItem, type PricingRefusal } from './price-order.js';

export interface PlaceOrder {
  readonly orderId: OrderId;
  readonly customerId: CustomerId;
  readonly items: readonly OrderedItem[];
  readonly idempotencyKey: string | undefined;
  readonly correlationId: CorrelationId;
}

export interface PlacingDependencies {
  /** Logs in as Order's role. */
  readonly pool: Pool;
  readonly client: Client;
  readonly waits: OrderWaits;
  readonly log: Logger;
}

/** An order that is stored. */
export interface Accepted {
  readonly refusal?: undefined;
  readonly order: OrderView;
  /** The order was placed before, under the same key. */
  readonly isReplay: boolean;
}

/**
 * Why no order was placed. KEY_REUSED: the key belongs to another order. OUTCOME_UNKNOWN: perhaps one was; only where
 * the request had a key does a repeat find out.
 */
export type OrderRefusal =
  | PricingRefusal
  | { readonly reason: 'KEY_REUSED'; readonly by: 'order' }
  | { readonly reason: 'OUTCOME_UNKNOWN'; readonly sameKeyFindsIt: boolean };

export type PlacingResult = Accepted | { readonly refusal: OrderRefusal };

/**
 * Stores the order, and starts its participant as soon as Temporal can be reached: an order that is stored is accepted,
 * and will be finished. A repeat under the same idempotency key has the same id, and finds the first order.
 */
export async function placeOrder(deps: PlacingDependencies, request: PlaceOrder): Promise<PlacingResult> {
  const { orderId, customerId, items, idempotencyKey: key, correlationId } = request;
  const requestDigest = key === undefined ? null : digestOf({ customerId, items: sortedBySku(items) });
  // Before the prices: they may have changed since the first request.
  const earlier = key === undefined ? undefined : await findOrderView(deps.pool, orderId);
  if (earlier) return accept(deps, earlier, { requestDigest, correlationId });

  const priced = await priceOrder(deps.pool, customerId, items);
  if (priced.refusal) return priced;
  const stored = await storeOnce(deps, orderId, { ...priced, correlationId, requestDigest });
  if (!stored) return { refusal: { reason: 'OUTCOME_UNKNOWN', sameKeyFindsIt: key !== undefined } };
  return accept(deps, viewOf(orderId, stored), { requestDigest, correlationId });
}

/**
 * After a lost answer, a second try waits for the first one to end, and finds the order or stores it. Undefined where
 * the second one fails too; any other error of the first one means that nothing was stored.
 */
async function storeOnce(
  { pool, waits }: PlacingDependencies,
  orderId: OrderId,
  placement: Placement,
): Promise<PlacedOrder | undefined> {
  const store = () => storeOrder(orderStore(pool), orderId, placement, waits);
  return store().catch((error: unknown) => {
    if (!(error instanceof OutcomeUnknown)) throw error;
    return store().catch(() => undefined);
  });
}

/** Order's participant takes over. Under a key the order may be that of another request, which was first. */
async function accept(
  deps: PlacingDependencies,
  order: OrderView,
  ours: Pick<Placement, 'requestDigest' | 'correlationId'>,
): Promise<PlacingResult> {
  if (order.placement.requestDigest !== ours.requestDigest)
    return { refusal: { reason: 'KEY_REUSED', by: 'order' } };
  if (order.status === 'PENDING_PAYMENT') await startUnlessAway(deps, order.orderId);
  return { order, isReplay: order.placement.correlationId !== ours.correlationId };
}

/** The order is accepted by now, so a start that fails does not fail the placing: Order's worker looks for such orders. */
async function startUnlessAway({ client, log }: PlacingDependencies, orderId: OrderId): Promise<void> {
  await startOrder(client, orderId).catch((error: unknown) => {
    log.warn({ err: error, orderId }, 'cannot start the participant of an order that was placed');
  });
}

/** The sequence of the items carries no meaning. */
const sortedBySku = (items: readonly OrderedItem[]) =>
  items.map(({ sku, quantity }) => [sku, quantity] as const).sort(([a], [b]) => (a < b ? -1 : 1));
