import type { InventoryAct, InventoryActResult, ReservationRow } from '../db/inventory/reservation-row.js';
import type { Cause, SagaEvent } from '../schemas/event.js';
import type { EpochMillis } from '../schemas/ids.js';
import type { ReservationFailureReason } from '../schemas/reasons.js';
import { causeOf, change, NO_EFFECT, tooLate, type Decision } from './decision.js';

export type InventoryEvent = SagaEvent<'PaymentCompletedEvent' | 'PaymentCancelledEvent'>;

export type InventoryDecision = Decision<ReservationRow, InventoryAct>;

/** Inventory's decision table: what its row says against each event. */
export function decideInventory(
  row: ReservationRow,
  event: InventoryEvent,
  now: EpochMillis,
): InventoryDecision {
  switch (event.type) {
    case 'PaymentCompletedEvent':
      return row.status === 'NOTHING' ? reserve(event, now) : NO_EFFECT;
    case 'PaymentCancelledEvent':
      return release(row);
  }
}

/** The reservation threw and nothing of it was committed: it shall never be. */
export function voidReservation(
  row: ReservationRow,
  payment: SagaEvent<'PaymentCompletedEvent'>,
): InventoryDecision {
  return row.status === 'NOTHING'
    ? fail({ status: 'RELEASED' }, 'INVENTORY_ERROR', causeOf(payment))
    : NO_EFFECT;
}

/** What the stock's answer makes of the row. */
export function concludeInventory(
  _: ReservationRow,
  act: InventoryAct,
  result: InventoryActResult,
): Decision<ReservationRow> {
  if (act.kind === 'release') return change({ status: 'RELEASED' });
  return result === 'DONE' ? reserved(act.payment) : reject(result, causeOf(act.payment));
}

function reserve(payment: SagaEvent<'PaymentCompletedEvent'>, now: EpochMillis): InventoryDecision {
  if (tooLate(payment.payload, now)) return reject('INVENTORY_TIMEOUT', causeOf(payment));
  return { kind: 'act', act: { kind: 'reserve', payment } };
}

function release(row: ReservationRow): InventoryDecision {
  switch (row.status) {
    case 'NOTHING':
      return change({ status: 'RELEASED' });
    case 'RESERVED':
      return { kind: 'act', act: { kind: 'release', items: row.items } };
    case 'REJECTED':
    case 'RELEASED':
      return NO_EFFECT;
  }
}

function reserved(payment: SagaEvent<'PaymentCompletedEvent'>): Decision<ReservationRow> {
  const { customerId, items, total } = payment.payload;
  return change(
    { status: 'RESERVED', items },
    { type: 'InventoryReservedEvent', data: { customerId, items, total }, cause: causeOf(payment) },
  );
}

const reject = (reason: ReservationFailureReason, cause: Cause): Decision<ReservationRow> =>
  fail({ status: 'REJECTED', reason }, reason, cause);

const fail = (
  row: ReservationRow,
  reason: ReservationFailureReason,
  cause: Cause,
): Decision<ReservationRow> =>
  change(row, { type: 'InventoryReservationFailedEvent', data: { reason }, cause });
