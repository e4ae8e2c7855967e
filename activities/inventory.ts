import type { ReservationRow } from '../db/inventory/reservation-row.js';
import type { InventoryStore } from '../db/inventory/inventory-store.js';
import type { SagaEvent } from '../schemas/event.js';
import { createConsumer } from './consume.js';
import {
  concludeInventory,
  decideInventory,
  voidReservation,
  type InventoryEvent,
} from './inventory-rules.js';
import type { Effect, PublishActivity } from './step.js';

/** What the inventory participant sees of its row. */
export interface Reservation {
  readonly status: ReservationRow['status'];
}

// A type, not an interface: only a type has the index signature that a map of effects needs.
export type InventoryEffects = {
  /** Takes the stock, once: it is never retried (the product owner's text). */
  reserve: Effect<SagaEvent<'PaymentCompletedEvent'>, Reservation>;
  /** Makes a reservation of unknown outcome undone, unless it had been committed after all (R8). */
  voidReservation: Effect<SagaEvent<'PaymentCompletedEvent'>, Reservation>;
  /** Applies any other event. */
  settle: Effect<InventoryEvent, Reservation>;
  look: Effect<null, Reservation>;
};

export type InventoryActivities = InventoryEffects & { publish: PublishActivity };

export function createInventoryEffects(store: InventoryStore): InventoryEffects {
  const consumer = createConsumer(store, { view: viewReservation, conclude: concludeInventory });
  const settle: InventoryEffects['settle'] = (context, received) =>
    consumer.consume(context, received, (row, event) => decideInventory(row, event, context.now));
  return {
    reserve: settle,
    voidReservation: (context, received) => consumer.consume(context, received, voidReservation),
    settle,
    look: (context) => consumer.look(context),
  };
}

const viewReservation = (row: ReservationRow = { status: 'NOTHING' }): Reservation => ({
  status: row.status,
});
