import type { InventoryStore } from '../../db/inventory/reservations.js';
import { failingStore, failCommand } from './failing-command.js';
import type { Faults } from './faults.js';

/** Reservations can fail or hang; releases cannot, since they must hold in the end. */
export const failingReservations = (store: InventoryStore, faults: Faults): InventoryStore =>
  failingStore(store, async (command, perform) => {
    if (command.kind !== 'reserve') return perform();
    const { reserve } = await faults.settings('inventory');
    return failCommand(reserve, perform);
  });
