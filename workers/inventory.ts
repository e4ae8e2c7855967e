import { createInventoryEffects, type InventoryEffects } from '../activities/inventory.js';
import { createPublish } from '../core/activity/outbox.js';
import { outboxOf } from '../core/postgres/journal.js';
import { inventoryStore } from '../db/inventory/reservations.js';
import { failingReservations } from './faults/inventory.js';
import { choreography } from '../schemas/catalogue.js';
import type { Activities, Parts } from './parts.js';

/** Inventory's activities, on its own role's tables. */
export function activities({ pool, deliver, faults }: Parts): Activities<InventoryEffects> {
  const store = inventoryStore(pool);
  return {
    ...createInventoryEffects(faults ? failingReservations(store, faults) : store),
    publish: createPublish(choreography, outboxOf(pool), deliver),
  };
}
