import type { Client } from '@temporalio/client';
import { findOrderView, type OrderView } from '../../db/order/order-view.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { OrderId } from '../../schemas/ids.js';
import { findAccepted, type AcceptedOrder } from '../saga-client.js';

/** The order as stored or, until then, as accepted; undefined if neither. */
export async function findOrder(
  pool: Pool,
  client: Client,
  orderId: OrderId,
): Promise<OrderView | undefined> {
  const stored = await findOrderView(pool, orderId);
  if (stored) return stored;
  const accepted = await findAccepted(client, orderId);
  return accepted && viewAccepted(orderId, accepted);
}

/** Nothing has happened to an accepted order yet, so its history is empty. */
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
