import { createShippingEffects, type ShippingEffects } from '../activities/shipping.js';
import { shippingStore } from '../db/shipping/shipments.js';
import type { Parts } from './parts.js';

export { shippingTables as tables } from '../db/shipping/shipments.js';

/** Shipping's effects, on its own role's tables. */
export const effects = ({ pool }: Parts): ShippingEffects => createShippingEffects(shippingStore(pool));
