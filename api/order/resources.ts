import type { FinalOrders } from '../../db/order/final-orders.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Feed } from '../feed/feed.js';
import type { ResourceGroup } from '../http/router.js';
import { getEvents } from './get-events.js';
import { getOrder } from './get-order.js';
import { listOrders } from './list-orders.js';
import { postNotificationRetry } from './post-notification-retry.js';
import { postOrder } from './post-order.js';

export const orderResources = (
  deps: ApiDependencies,
  feed: Feed,
  finalOrders: FinalOrders,
): ResourceGroup => ({
  name: 'Order',
  description: 'Orders: placing, following and listing them.',
  resources: {
    '/orders': { get: listOrders(deps), post: postOrder(deps, finalOrders) },
    '/orders/{orderId}': { get: getOrder(deps) },
    '/orders/{orderId}/events': { get: getEvents(deps, feed) },
    '/orders/{orderId}/notification-retries': { post: postNotificationRetry(deps) },
  },
});
