import type { Client } from '@temporalio/client';
import type { OrderView } from '../../db/order/order-view.js';
import { findOrderView } from '../../db/order/order-view.js';
import type { Pool } from '../../db/pool.js';
import type { OrderId } from '../../schemas/ids.js';
import type { ApiDependencies } from '../dependencies.js';
import { Problem } from '../http/problem.js';
import { findAccepted, type AcceptedOrder } from '../saga-client.js';

/** The order as stored or, until it is, as accepted; undefined where there is none. */
async function findOrder(pool: Pool, client: Client, orderId: OrderId): Promise<OrderView | undefined> {
  const stored = await findOrderView(pool, orderId);
  if (stored) return stored;
  const accepted = await findAccepted(client, orderId);
  return accepted && viewAccepted(orderId, accepted);
}

/** The order, or a Problem (404). */
export async function knownOrder({ pools, client }: ApiDependencies, orderId: OrderId): Promise<OrderView> {
  const order = await findOrder(pools.order, client, orderId);
  if (!order) throw new Problem('not-found', `there is no order ${orderId}`);
  return order;
}

/** Nothing has happened to it yet, so its history is empty. */
export const viewAccepted = (orderId: OrderId, { placement, acceptedAt }: AcceptedOrder): OrderView => ({
  orderId,
  placement,
  status: 'PENDING_PAYMENT',
  reason: null,
  toldAt: null,
  refundedAt: null,
  createdAt: acceptedAt,
  updatedAt: acceptedAt,
  history: [],
  attention: [],
});
