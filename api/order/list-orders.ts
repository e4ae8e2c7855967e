import { z } from 'zod';
import { listOrderViews, type OrderView } from '../../db/order/order-view.js';
import { orderStatuses } from '../../schemas/order-status.js';
import type { ApiDependencies } from '../dependencies.js';
import * as field from '../http/fields.js';
import { operation } from '../http/operation.js';
import { moment, orderIdPart, paging } from '../http/paging.js';
import * as shown from '../http/response-fields.js';
import { orderDocument, orderJson } from './order-document.js';

const page = paging(
  z.tuple([moment, orderIdPart]).transform(([createdAt, orderId]) => ({ createdAt, orderId })),
  ({ createdAt, orderId }: OrderView) => [createdAt, orderId],
);

export const listOrders = (deps: ApiDependencies) =>
  operation({
    id: 'listOrders',
    summary: 'Lists orders, newest first',
    query: z.strictObject({
      status: z.enum(orderStatuses).optional(),
      customerId: field.customerId.optional(),
      ...page.query,
    }),
    responses: { 200: { description: 'A page of orders', body: shown.pageOf('orders', orderDocument) } },
    caching: 'private',
    handle: async ({ query: { status, customerId, ...asked } }) => {
      const { entries, nextCursor } = await page.read(asked, (part) =>
        listOrderViews(deps.pools.order, { status, customerId, ...part }),
      );
      return { status: 200, body: { orders: entries.map((order) => orderJson(deps, order)), nextCursor } };
    },
  });
