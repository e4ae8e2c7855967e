import { createShippingEffects, type ShippingEffects } from '../activities/shipping.js';
import { createPublish } from '../core/activity/outbox.js';
import { outboxOf } from '../core/postgres/journal.js';
import { shippingStore } from '../db/shipping/shipments.js';
import { choreography } from '../schemas/catalogue.js';
import type { Activities, Parts } from './parts.js';

/** Shipping's activities, on its own role's tables. */
export const activities = ({ pool, deliver }: Parts): Activities<ShippingEffects> => ({
  ...createShippingEffects(shippingStore(pool)),
  publish: createPublish(choreography, outboxOf(pool), deliver),
});
