import type { InventoryStore } from '../../db/inventory/inventory-store.js';
import { failingStore, failStep } from './failing-step.js';
import type { Faults } from './faults.js';

/** Reservations can fail or hang; releases cannot, since they must hold in the end. */
export const failingReservations = (store: InventoryStore, faults: Faults): InventoryStore =>
  failingStore(store, async (act, perform) => {
    if (act.kind !== 'reserve') return perform();
    const { reserve } = await faults.settings('inventory');
    return failStep(reserve, perform);
  });
