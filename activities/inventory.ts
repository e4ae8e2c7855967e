import { IdempotentConsumer } from '../core/activity/consumer.js';
import type { Effect, SharedEffects } from '../core/activity/effect.js';
import type { ReservationRow } from '../db/inventory/reservation-row.js';
import type { InventoryStore } from '../db/inventory/reservations.js';
import type { SagaEvent } from '../schemas/event.js';
import type { ReservationFailureReason } from '../schemas/reasons.js';
import { contract } from '../schemas/registry.js';
import { decideInventory, voidReservation } from './inventory-rules.js';

/** What the inventory participant sees of its row. */
export type Reservation =
  | { readonly status: 'NOTHING' | 'RESERVED' | 'RELEASED' }
  | { readonly status: 'REJECTED'; readonly reason: ReservationFailureReason };

export interface InventoryEffects extends SharedEffects<Reservation> {
  /** Takes the stock, once: it is never retried (the product owner's text). */
  reserve: Effect<SagaEvent<'PaymentCompletedEvent'>, Reservation>;
  /** Makes a reservation of unknown outcome undone, unless it had been committed after all (R8). */
  void: Effect<SagaEvent<'PaymentCompletedEvent'>, Reservation>;
  /** Compensation: gives the stock back; what was not reserved never will be. */
  release: Effect<SagaEvent<'PaymentCancelledEvent'>, Reservation>;
}

export function createInventoryEffects(store: InventoryStore): InventoryEffects {
  const consumer = new IdempotentConsumer(contract, store, viewReservation);
  return {
    ...consumer.sharedEffects,
    reserve: (context, payment) => consumer.consume(context, payment, decideInventory),
    void: (context, payment) => consumer.consume(context, payment, voidReservation),
    release: (context, cancellation) => consumer.consume(context, cancellation, decideInventory),
  };
}

const viewReservation = (row: ReservationRow = { status: 'NOTHING' }): Reservation =>
  row.status === 'REJECTED' ? { status: row.status, reason: row.reason } : { status: row.status };
