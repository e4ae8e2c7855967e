import { z } from 'zod';
import { listOrderViews, type OrderView } from '../../db/order/order-view.js';
import { orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
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

const filters = {
  id: field.orderIdBeginning.optional(),
  customerId: field.customerId.optional(),
  status: z.enum(orderStatuses).optional(),
  reason: z.enum(reasons).optional().meta({ description: 'Why the order was not completed.' }),
  failed: field.only.meta({ description: 'Only orders that were not completed, whatever the reason.' }),
  attention: field.only.meta({
    description: 'Only orders that need a person: those with an entry of `attention` that is not cleared.',
  }),
  from: field.time.optional().meta({ description: 'Orders created at or after this time.' }),
  to: field.time.optional().meta({ description: 'Orders created before this time.' }),
};

export const listOrders = (deps: ApiDependencies) =>
  operation({
    id: 'listOrders',
    summary: 'Lists orders, newest first',
    description: 'An order is listed if it matches all filters that are given.',
    query: z.strictObject({ ...filters, ...page.query }),
    responses: { 200: { description: 'A page of orders', body: shown.pageOf('orders', orderDocument) } },
    caching: 'private',
    handle: async ({ query: { failed, attention, limit, cursor, ...given } }) => {
      const query = { ...given, isFailed: failed !== undefined, needsAPerson: attention !== undefined };
      const { entries, nextCursor } = await page.read({ limit, cursor }, (part) =>
        listOrderViews(deps.pools.order, { ...query, ...part }),
      );
      return { status: 200, body: { orders: entries.map((order) => orderJson(deps, order)), nextCursor } };
    },
  });
