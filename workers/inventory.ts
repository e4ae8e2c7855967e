import { createInventoryEffects, type InventoryActivities } from '../activities/inventory.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { inventoryStore } from '../db/inventory/inventory-store.js';
import type { Parts } from './parts.js';

/** Inventory's activities, on its own role's tables. */
export const inventoryActivities = ({ pool, deliver }: Parts): InventoryActivities => ({
  ...createInventoryEffects(inventoryStore(pool)),
  publish: createPublish(outboxOf(pool), deliver),
});
