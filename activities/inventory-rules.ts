import { change, NO_EFFECT, tooLate } from '../core/activity/decision.js';
import { causeOf, type Cause, type EpochMillis } from '../core/event.js';
import type { ReservationRow, StockCommand, StockResult } from '../db/inventory/reservation-row.js';
import type { Decision, EventFor, SagaEvent } from '../schemas/event.js';
import type { PlacedItem } from '../schemas/placement.js';
import type { ReservationFailureReason } from '../schemas/reasons.js';

export type InventoryDecision = Decision<ReservationRow, StockCommand, StockResult>;

/** Inventory's decision table: what its row says against each event. */
export function decideInventory(
  row: ReservationRow,
  event: EventFor<'inventory'>,
  now: EpochMillis,
): InventoryDecision {
  switch (event.type) {
    case 'PaymentCompletedEvent':
      return row.status === 'NOTHING' ? reserve(event, now) : NO_EFFECT;
    case 'PaymentCancelledEvent':
      return cancel(row);
  }
}

/** The reservation threw and nothing of it was committed: from now on it cannot be. */
export function voidReservation(
  row: ReservationRow,
  payment: SagaEvent<'PaymentCompletedEvent'>,
): InventoryDecision {
  return row.status === 'NOTHING'
    ? fail({ status: 'RELEASED' }, 'INVENTORY_ERROR', causeOf(payment))
    : NO_EFFECT;
}

function reserve(payment: SagaEvent<'PaymentCompletedEvent'>, now: EpochMillis): InventoryDecision {
  const cause = causeOf(payment);
  if (tooLate(payment.payload, now)) return reject('INVENTORY_TIMEOUT', cause);
  const { items } = payment.payload;
  return {
    kind: 'do',
    command: { kind: 'reserve', items },
    onResult: (result) => (result === 'DONE' ? reserved(payment) : reject(result, cause)),
  };
}

function reserved(payment: SagaEvent<'PaymentCompletedEvent'>): Decision<ReservationRow> {
  const { customerId, items, total } = payment.payload;
  return change(
    { status: 'RESERVED', items },
    { type: 'InventoryReservedEvent', data: { customerId, items, total }, cause: causeOf(payment) },
  );
}

function cancel(row: ReservationRow): InventoryDecision {
  switch (row.status) {
    case 'NOTHING':
      return change({ status: 'RELEASED' });
    case 'RESERVED':
      return release(row.items);
    case 'REJECTED':
    case 'RELEASED':
      return NO_EFFECT;
  }
}

/** The compensation of a reservation. */
const release = (items: readonly PlacedItem[]): InventoryDecision => ({
  kind: 'do',
  command: { kind: 'release', items },
  onResult: () => change({ status: 'RELEASED' }),
});

const reject = (reason: ReservationFailureReason, cause: Cause): Decision<ReservationRow> =>
  fail({ status: 'REJECTED', reason }, reason, cause);

const fail = (
  row: ReservationRow,
  reason: ReservationFailureReason,
  cause: Cause,
): Decision<ReservationRow> =>
  change(row, { type: 'InventoryReservationFailedEvent', data: { reason }, cause });
