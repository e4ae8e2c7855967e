import { createInventoryEffects, type InventoryEffects } from '../activities/inventory.js';
import { inventoryStore } from '../db/inventory/reservations.js';
import { failingReservations } from './faults/inventory.js';
import type { Parts } from './parts.js';

export { inventoryTables as tables } from '../db/inventory/reservations.js';

/** Inventory's effects, on its own role's tables. */
export function effects({ pool, faults }: Parts): InventoryEffects {
  const store = inventoryStore(pool);
  return createInventoryEffects(faults ? failingReservations(store, faults) : store);
}
