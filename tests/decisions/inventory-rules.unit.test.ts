import { expect, test } from 'vitest';
import { decideInventory, voidReservation } from '../../activities/inventory-rules.js';
import type { EpochMillis } from '../../core/event.js';
import type { ReservationRow } from '../../db/inventory/reservation-row.js';
import { causedBy, changeOf, doing, HAPPENED, received } from './received.js';

const NOTHING: ReservationRow = { status: 'NOTHING' };
const now = (HAPPENED + 1_000) as EpochMillis;

// Two products, of which one in two pieces.
const payment = received('PaymentCompletedEvent');
const { customerId, items, total } = payment.payload;
const cancelled = received('PaymentCancelledEvent');
const reserved: ReservationRow = { status: 'RESERVED', items };

const rejected = (status: 'REJECTED' | 'RELEASED', reason: string) => ({
  kind: 'change',
  row: status === 'REJECTED' ? { status, reason } : { status },
  emit: { type: 'InventoryReservationFailedEvent', data: { reason }, cause: causedBy(payment) },
});

test('all items are reserved, and told of with customer and total', () => {
  expect(items.map(({ quantity }) => quantity)).toEqual([2, 1]);
  expect(doing(decideInventory(NOTHING, payment, now), 'DONE')).toEqual({
    command: { kind: 'reserve', items },
    then: {
      kind: 'change',
      row: { status: 'RESERVED', items },
      emit: { type: 'InventoryReservedEvent', data: { customerId, items, total }, cause: causedBy(payment) },
    },
  });
});

test.each(['OUT_OF_STOCK', 'UNKNOWN_SKU'] as const)('%s rejects', (reason) => {
  expect(doing(decideInventory(NOTHING, payment, now), reason).then).toEqual(rejected('REJECTED', reason));
});

test('up to 5 s before Payment gives up it is reserved, and no later (R6)', () => {
  const last = (payment.payload.answerBy - 5_000) as EpochMillis;
  expect(decideInventory(NOTHING, payment, last).kind).toBe('do');
  expect(changeOf(decideInventory(NOTHING, payment, (last + 1) as EpochMillis))).toEqual(
    rejected('REJECTED', 'INVENTORY_TIMEOUT'),
  );
});

test('a cancellation gives every piece of every item back', () => {
  expect(doing(decideInventory(reserved, cancelled, now), 'DONE')).toEqual({
    command: { kind: 'release', items },
    then: { kind: 'change', row: { status: 'RELEASED' } },
  });
});

test('a cancellation of what was never reserved, and a reservation of unknown fate, leave a tombstone', () => {
  expect(decideInventory(NOTHING, cancelled, now)).toEqual({ kind: 'change', row: { status: 'RELEASED' } });
  expect(voidReservation(NOTHING, payment)).toEqual(rejected('RELEASED', 'INVENTORY_ERROR'));
  expect(voidReservation(reserved, payment)).toEqual({ kind: 'none' });
});

test.each<ReservationRow>([{ status: 'REJECTED', reason: 'OUT_OF_STOCK' }, { status: 'RELEASED' }])(
  '$status is the end',
  (row) => {
    expect(decideInventory(row, payment, now)).toEqual({ kind: 'none' });
    expect(decideInventory(row, cancelled, now)).toEqual({ kind: 'none' });
  },
);

test('what is reserved is not reserved again', () => {
  expect(decideInventory(reserved, payment, now)).toEqual({ kind: 'none' });
});
