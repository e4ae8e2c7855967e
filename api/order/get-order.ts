import { z } from 'zod';
import type { Pool } from '../../core/postgres/pool.js';
import { findOrderView, type OrderView } from '../../db/order/order-view.js';
import type { OrderId } from '../../schemas/ids.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { problemOf } from '../refusals.js';
import { orderDocument, orderJson } from './order-document.js';

export const getOrder = (deps: ApiDependencies) =>
  operation({
    id: 'showOrder',
    summary: 'Shows an order and its progress',
    path: z.object({ orderId: field.orderId }),
    responses: { 200: { description: 'The order', body: orderDocument } },
    problems: ['not-found'],
    caching: 'private',
    handle: async ({ path: { orderId } }) => ({
      status: 200,
      body: orderJson(deps, await existingOrder(deps.pools.order, orderId)),
    }),
  });

/** Throws a Problem (404) if there is none. */
export async function existingOrder(pool: Pool, orderId: OrderId): Promise<OrderView> {
  const order = await findOrderView(pool, orderId);
  if (!order) throw problemOf({ reason: 'UNKNOWN_ORDER', orderId });
  return order;
}
