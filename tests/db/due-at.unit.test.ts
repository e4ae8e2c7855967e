import { expect, test } from 'vitest';
import type { EpochMillis, EventId } from '../../core/event.js';
import { dueAt as notificationDueAt } from '../../db/notification/notification-row.js';
import { dueAt as orderDueAt, type PlacedOrder } from '../../db/order/order-row.js';
import { dueAt as paymentDueAt, type Charge } from '../../db/payment/payment-row.js';
import { placementOf } from '../support/saga-world.js';

const at = (millis: number) => millis as EpochMillis;

const order: PlacedOrder = {
  status: 'PENDING_PAYMENT',
  placement: placementOf('alice', 'mouse', 2),
  reason: null,
  toldAt: null,
  refundedAt: null,
  waitCauseId: 'the placement' as EventId,
  paymentDue: at(300),
  sagaDue: at(600),
  history: [{ status: 'PENDING_PAYMENT', at: at(0), eventId: null }],
  attention: [],
};
const failed = { code: 'NOTIFICATION_FAILED', since: at(500), clearedAt: null } as const;
const overdue = { code: 'NOTIFICATION_OVERDUE', since: at(600), clearedAt: null } as const;

test.each([
  ['PENDING_PAYMENT', order, 300],
  ['PAYMENT_COMPLETED', { ...order, status: 'PAYMENT_COMPLETED' }, 600],
  ['INVENTORY_RESERVED', { ...order, status: 'INVENTORY_RESERVED' }, 600],
  ['INVENTORY_RESERVED, not told', { ...order, status: 'INVENTORY_RESERVED', attention: [failed] }, 600],
  ['INVENTORY_RESERVED, overdue', { ...order, status: 'INVENTORY_RESERVED', attention: [overdue] }, null],
  ['COMPLETED', { ...order, status: 'COMPLETED' }, null],
  ['PAYMENT_FAILED', { ...order, status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT' }, null],
  ['OUT_OF_STOCK', { ...order, status: 'OUT_OF_STOCK', reason: 'OUT_OF_STOCK' }, null],
  ['NOTHING', { status: 'NOTHING' }, null],
] as const)('an order that is %s', (_, row, due) => {
  expect(orderDueAt(row)).toBe(due);
});

const charge = { answerBy: at(180) } as Charge;

test.each([
  ['NOTHING', { status: 'NOTHING' }, null],
  ['CHARGED', { status: 'CHARGED', charge }, 180],
  ['CONFIRMED', { status: 'CONFIRMED', charge }, null],
  ['REFUNDED', { status: 'REFUNDED', charge, reason: 'OUT_OF_STOCK' }, null],
  ['VOID', { status: 'VOID', reason: 'ORDER_CANCELLED' }, null],
] as const)('a payment that is %s', (_, row, due) => {
  expect(paymentDueAt(row)).toBe(due);
});

const notice = {
  customerId: order.placement.customerId,
  items: order.placement.items,
  total: order.placement.total,
  causeId: 'the reservation' as EventId,
  correlationId: order.placement.correlationId,
};
const inHand = { notice, round: 1, attempts: [], announced: false, sentAt: null, nextAttemptBy: at(90) };

test.each([
  ['NOTHING', { status: 'NOTHING' }, null],
  ['SENDING', { status: 'SENDING', ...inHand }, 90],
  ['FAILED', { status: 'FAILED', ...inHand }, null],
  ['SENT', { status: 'SENT', ...inHand, announced: true, sentAt: at(50) }, null],
  ['REVOKED', { status: 'REVOKED', notice: null }, null],
] as const)('a notification that is %s', (_, row, due) => {
  expect(notificationDueAt(row)).toBe(due);
});
