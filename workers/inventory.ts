import { createInventoryEffects, type InventoryActivities } from '../activities/inventory.js';
import { createPublish, outboxOf } from '../activities/publish.js';
import { inventoryStore } from '../db/inventory/inventory-store.js';
import { failingReservations } from './faults/inventory.js';
import type { Parts } from './parts.js';

/** Inventory's activities, on its own role's tables. */
export function inventoryActivities({ pool, deliver, faults }: Parts): InventoryActivities {
  const store = inventoryStore(pool);
  return {
    ...createInventoryEffects(faults ? failingReservations(store, faults) : store),
    publish: createPublish(outboxOf(pool), deliver),
  };
}
