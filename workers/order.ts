import { createOrderEffects, type OrderActivities } from '../activities/order.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { orderStore } from '../db/order/order-store.js';
import type { Parts } from './parts.js';

/** Order's activities, on its own role's tables. */
export const orderActivities = ({ pool, deliver, config }: Parts): OrderActivities => ({
  ...createOrderEffects(orderStore(pool), config.waits),
  publish: createPublish(outboxOf(pool), deliver),
});
