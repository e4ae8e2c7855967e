import { createOrderEffects, type OrderEffects } from '../activities/order.js';
import { createPublish } from '../core/activity/outbox.js';
import { outboxOf } from '../core/postgres/journal.js';
import { orderStore } from '../db/order/orders.js';
import { choreography } from '../schemas/catalogue.js';
import type { Activities, Parts } from './parts.js';

/** Order's activities, on its own role's tables. */
export const activities = ({ pool, deliver, config }: Parts): Activities<OrderEffects> => ({
  ...createOrderEffects(orderStore(pool), config.waits),
  publish: createPublish(choreography, outboxOf(pool), deliver),
});
