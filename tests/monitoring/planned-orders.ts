import type { StepName } from '../../db/monitoring/point-names.js';
import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Reason } from '../../schemas/reasons.js';
import type { Service } from '../../schemas/services.js';
import type { Story, StoryOptions } from './story.js';

/** One order of the plan: what happens to it, and the expected result in plain figures. */
export interface PlannedOrder {
  readonly options?: Omit<StoryOptions, 'createdAt'>;
  readonly live: (story: Story) => Promise<void>;
  readonly status: OrderStatus;
  readonly reason?: Reason;
  /** In ms. An order was paid, or refunded, if it has a time for it. */
  readonly took: Partial<Record<StepName, number>>;
  readonly isReversed?: true;
  readonly isOverdue?: true;
  readonly repeats?: Partial<Record<Service, number>>;
  readonly ineffective?: Partial<Record<Service, number>>;
  readonly quarantined?: Partial<Record<Service, number>>;
  readonly attention?: readonly (AttentionCode | 'SIGNAL_QUARANTINED')[];
}

/**
 * How many orders of each kind; `number` varies the times a little. Each kind is a function that tells the order step by
 * step, with the expected figures spelled out: anything shorter would be a second set of rules to trust.
 */
export const plan: readonly (readonly [count: number, kind: (number: number) => PlannedOrder])[] = [
  [96, completed],
  [20, toldAtALaterAttempt],
  [8, toldAfterARetry],
  [5, parked],
  [4, overdueAndCompleted],
  [3, overdueAndParked],
  [30, tooPoor],
  [8, withoutWallet],
  [6, failingCharge],
  [4, chargedTooLate],
  [6, cancelledUnpaid],
  [5, cancelledAndRefunded],
  [25, soldOut],
  [5, unknownProduct],
  [4, failingReservation],
  [6, reservationTimedOut],
  [3, reservedTooLate],
  [4, refundedWhileReserved],
  [3, refundedAfterCompletion],
  [5, sagaTimedOut],
  [8, jumpingToReserved],
  [4, jumpingToCompleted],
  [6, hearingEverythingTwice],
  [6, runningEverythingTwice],
  [2, perhapsTold],
  [4, targetOfForgery],
  [20, stillOpen],
];

/** Small times that differ from order to order. */
const times = (number: number) => {
  const paid = 40 + ((number * 37) % 900);
  const reserved = paid + 30 + ((number * 53) % 700);
  const told = reserved + 50 + ((number * 71) % 2_000);
  return { paid, reserved, told, completed: told + 5 + ((number * 13) % 300) };
};

type Times = ReturnType<typeof times>;

const forward = ({ paid, reserved, told, completed }: Times) => ({
  createdToPaid: paid,
  paidToReserved: reserved - paid,
  reservedToTold: told - reserved,
  toldToCompleted: completed - told,
});

async function pay(story: Story, { paid }: Times): Promise<void> {
  await story.place();
  await story.hears('payment', 'OrderCreatedEvent', paid);
  await story.hears('order', 'PaymentCompletedEvent', paid + 9);
}

async function reserve(story: Story, at: Times): Promise<void> {
  await pay(story, at);
  await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
  await story.hears('payment', 'InventoryReservedEvent', at.reserved + 3);
  await story.hears('order', 'InventoryReservedEvent', at.reserved + 6);
  await story.hears('notification', 'InventoryReservedEvent', at.reserved + 9);
}

async function tell(story: Story, { told, completed }: Times): Promise<void> {
  await story.attempts('accepted', told, told - 20);
  await story.hears('order', 'OrderCompletedNotificationSentEvent', completed);
}

/** Four attempts a minute apart are refused. */
async function failToTell(story: Story, { reserved }: Times): Promise<void> {
  for (const at of [10, 60_010, 120_010, 180_010])
    await story.attempts('refused', reserved + at, reserved + 10);
  await story.parks(reserved + 180_020);
  await story.hears('order', 'OrderCompletedNotificationFailedEvent', reserved + 180_030);
}

function completed(number: number): PlannedOrder {
  const at = times(number);
  const live = async (story: Story) => {
    await reserve(story, at);
    await tell(story, at);
  };
  return { live, status: 'COMPLETED', took: forward(at) };
}

function toldAtALaterAttempt(number: number): PlannedOrder {
  const soon = times(number);
  const failed = 1 + (number % 3);
  const at = { ...soon, told: soon.told + failed * 60_000, completed: soon.completed + failed * 60_000 };
  const live = async (story: Story) => {
    await reserve(story, at);
    for (let attempt = 0; attempt < failed; attempt++)
      await story.attempts('refused', soon.told + attempt * 60_000, soon.told);
    await story.attempts('accepted', at.told, soon.told);
    await story.hears('order', 'OrderCompletedNotificationSentEvent', at.completed);
  };
  return { live, status: 'COMPLETED', took: forward(at) };
}

function toldAfterARetry(number: number): PlannedOrder {
  const soon = times(number);
  const at = { ...soon, told: soon.told + 300_000, completed: soon.completed + 300_000 };
  const live = async (story: Story) => {
    await reserve(story, at);
    await failToTell(story, at);
    await story.isRetried(at.told - 100);
    await tell(story, at);
  };
  return { live, status: 'COMPLETED', took: forward(at) };
}

function parked(number: number): PlannedOrder {
  const at = times(number);
  const { createdToPaid, paidToReserved } = forward(at);
  const live = async (story: Story) => {
    await reserve(story, at);
    await failToTell(story, at);
  };
  const took = { createdToPaid, paidToReserved };
  return { live, status: 'INVENTORY_RESERVED', took, attention: ['NOTIFICATION_FAILED'] };
}

function overdueAndCompleted(number: number): PlannedOrder {
  const soon = times(number);
  const at = { ...soon, told: soon.told + 700_000, completed: soon.completed + 700_000 };
  const live = async (story: Story) => {
    await reserve(story, at);
    await failToTell(story, at);
    await story.orderGivesUp('saga', 600_000);
    await story.isRetried(at.told - 100);
    await tell(story, at);
  };
  return { live, status: 'COMPLETED', took: forward(at), isOverdue: true };
}

function overdueAndParked(number: number): PlannedOrder {
  const before = parked(number);
  const live = async (story: Story) => {
    await before.live(story);
    await story.orderGivesUp('saga', 600_000, { again: true });
  };
  return { ...before, live, isOverdue: true, attention: ['NOTIFICATION_FAILED', 'NOTIFICATION_OVERDUE'] };
}

function declined(number: number, customer: string, reason: Reason, paid = times(number).paid): PlannedOrder {
  const live = async (story: Story) => {
    await story.place();
    await story.hears('payment', 'OrderCreatedEvent', paid);
    await story.hears('order', 'PaymentFailedEvent', paid + 20);
  };
  return { options: { customer }, live, status: 'PAYMENT_FAILED', reason, took: {} };
}

function tooPoor(number: number): PlannedOrder {
  return declined(number, 'bob', 'INSUFFICIENT_BALANCE');
}

function withoutWallet(number: number): PlannedOrder {
  return declined(number, 'nobody', 'NO_WALLET');
}

/** R6: less than 5 s are left. */
function chargedTooLate(number: number): PlannedOrder {
  return declined(number, 'alice', 'PAYMENT_TIMEOUT', 296_000 + number);
}

function failingCharge(number: number): PlannedOrder {
  const { paid } = times(number);
  const live = async (story: Story) => {
    await story.place();
    await story.chargeFails(paid);
    await story.hears('order', 'PaymentFailedEvent', paid + 20);
  };
  return { live, status: 'PAYMENT_FAILED', reason: 'PAYMENT_ERROR', took: {} };
}

/** Payment was down for the whole wait, and then finds both events. */
function cancelledUnpaid(): PlannedOrder {
  const live = async (story: Story) => {
    await story.place();
    await story.orderGivesUp('payment', 300_000);
    await story.hears('payment', 'OrderCancelledEvent', 400_000);
    await story.hears('payment', 'OrderCreatedEvent', 400_100);
    await story.hears('order', 'PaymentFailedEvent', 400_200);
  };
  const ineffective = { payment: 1, order: 1 };
  return { live, status: 'PAYMENT_FAILED', reason: 'PAYMENT_TIMEOUT', took: {}, ineffective };
}

/** Charged in time, but Order hears of it too late. */
function cancelledAndRefunded(number: number): PlannedOrder {
  const paid = 200_000 + number * 10;
  const refunded = 300_100 + number * 7;
  const live = async (story: Story) => {
    await story.place();
    await story.hears('payment', 'OrderCreatedEvent', paid);
    await story.orderGivesUp('payment', 300_000);
    await story.hears('payment', 'OrderCancelledEvent', refunded);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 10);
    await story.hears('inventory', 'PaymentCancelledEvent', refunded + 10);
    await story.hears('order', 'PaymentCompletedEvent', refunded + 20);
    await story.hears('inventory', 'PaymentCompletedEvent', refunded + 20);
  };
  return {
    live,
    status: 'PAYMENT_FAILED',
    reason: 'PAYMENT_TIMEOUT',
    took: {
      createdToPaid: paid,
      paidToRefunded: refunded - paid,
      cancelledToRefunded: refunded - 300_000,
    },
    ineffective: { order: 1, inventory: 1 },
  };
}

/** The reservation fails at `rejected`, and a moment later the money is back. */
function unreserved(
  number: number,
  reason: Reason,
  fail: (story: Story, rejected: number) => Promise<unknown>,
  sku = 'mouse',
  rejected = times(number).reserved,
): PlannedOrder {
  const at = times(number);
  const live = async (story: Story) => {
    await pay(story, at);
    await fail(story, rejected);
    await story.hears('payment', 'InventoryReservationFailedEvent', rejected + 40);
    await story.hears('order', 'PaymentCancelledEvent', rejected + 60);
  };
  const took = { createdToPaid: at.paid, paidToRefunded: rejected + 40 - at.paid };
  return { options: { sku }, live, status: 'OUT_OF_STOCK', reason, took };
}

const reject = (story: Story, at: number) => story.hears('inventory', 'PaymentCompletedEvent', at);

function soldOut(number: number): PlannedOrder {
  return unreserved(number, 'OUT_OF_STOCK', reject, 'figurine');
}

function unknownProduct(number: number): PlannedOrder {
  return unreserved(number, 'UNKNOWN_SKU', reject, 'unicorn');
}

function failingReservation(number: number): PlannedOrder {
  return unreserved(number, 'INVENTORY_ERROR', (story, at) => story.reservationFails(at));
}

/** R6: less than 5 s are left. */
function reservedTooLate(number: number): PlannedOrder {
  return unreserved(number, 'INVENTORY_TIMEOUT', reject, 'mouse', times(number).paid + 176_000);
}

/** Inventory was down, and then finds the refund before the payment. */
function reservationTimedOut(number: number): PlannedOrder {
  const at = times(number);
  const refunded = at.paid + 180_000;
  const live = async (story: Story) => {
    await pay(story, at);
    await story.paymentGivesUp(refunded);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 10);
    await story.hears('notification', 'PaymentCancelledEvent', refunded + 10);
    await story.hears('inventory', 'PaymentCancelledEvent', refunded + 900);
    await story.hears('inventory', 'PaymentCompletedEvent', refunded + 910);
  };
  return {
    live,
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    took: { createdToPaid: at.paid, paidToRefunded: 180_000 },
    ineffective: { inventory: 1 },
  };
}

/** R4: Payment does not hear of the reservation, and refunds. */
function refundedWhileReserved(number: number): PlannedOrder {
  const at = times(number);
  const refunded = at.paid + 180_000;
  const live = async (story: Story) => {
    await pay(story, at);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('order', 'InventoryReservedEvent', at.reserved + 6);
    await story.paymentGivesUp(refunded);
    await story.hears('notification', 'PaymentCancelledEvent', refunded + 5);
    await story.hears('notification', 'InventoryReservedEvent', refunded + 6);
    await story.hears('inventory', 'PaymentCancelledEvent', refunded + 7);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 8);
    await story.hears('payment', 'InventoryReservedEvent', refunded + 9);
  };
  return {
    live,
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    took: { createdToPaid: at.paid, paidToReserved: at.reserved - at.paid, paidToRefunded: 180_000 },
    isReversed: true,
    ineffective: { notification: 1, payment: 1 },
  };
}

/** R4 at its worst: the customer was told, and is refunded. */
function refundedAfterCompletion(number: number): PlannedOrder {
  const at = times(number);
  const refunded = at.paid + 180_000;
  const live = async (story: Story) => {
    await pay(story, at);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('order', 'InventoryReservedEvent', at.reserved + 6);
    await story.hears('notification', 'InventoryReservedEvent', at.reserved + 9);
    await tell(story, at);
    await story.paymentGivesUp(refunded);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 8);
  };
  return {
    live,
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    took: { ...forward(at), paidToRefunded: 180_000 },
    isReversed: true,
    attention: ['CUSTOMER_TOLD_THEN_REFUNDED'],
  };
}

/** Payment is confirmed, but Order hears nothing of the reservation for ten minutes. */
function sagaTimedOut(number: number): PlannedOrder {
  const at = times(number);
  const refunded = 600_050 + number;
  const live = async (story: Story) => {
    await pay(story, at);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('payment', 'InventoryReservedEvent', at.reserved + 3);
    await story.orderGivesUp('saga', 600_000, { again: true });
    await story.hears('payment', 'OrderCancelledEvent', refunded);
    await story.hears('inventory', 'PaymentCancelledEvent', refunded + 5);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 9);
    await story.hears('order', 'InventoryReservedEvent', refunded + 20);
  };
  return {
    live,
    status: 'OUT_OF_STOCK',
    reason: 'SAGA_TIMEOUT',
    took: {
      createdToPaid: at.paid,
      paidToReserved: at.reserved - at.paid,
      paidToRefunded: refunded - at.paid,
      cancelledToRefunded: refunded - 600_000,
    },
    isReversed: true,
    ineffective: { order: 1 },
  };
}

/** R10: Order hears of the reservation first, and of the payment too late. */
function jumpingToReserved(number: number): PlannedOrder {
  const at = times(number);
  const live = async (story: Story) => {
    await story.place();
    await story.hears('payment', 'OrderCreatedEvent', at.paid);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('order', 'InventoryReservedEvent', at.reserved + 40);
    await story.hears('order', 'PaymentCompletedEvent', at.reserved + 45);
    await story.hears('payment', 'InventoryReservedEvent', at.reserved + 46);
    await story.hears('notification', 'InventoryReservedEvent', at.reserved + 47);
    await tell(story, at);
  };
  return { live, status: 'COMPLETED', took: forward(at), ineffective: { order: 1 } };
}

/** R10: the notification is the first event that Order hears of. */
function jumpingToCompleted(number: number): PlannedOrder {
  const at = times(number);
  const live = async (story: Story) => {
    await story.place();
    await story.hears('payment', 'OrderCreatedEvent', at.paid);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('notification', 'InventoryReservedEvent', at.reserved + 9);
    await tell(story, at);
    await story.hears('order', 'InventoryReservedEvent', at.completed + 5);
    await story.hears('payment', 'InventoryReservedEvent', at.completed + 5);
    await story.hears('order', 'PaymentCompletedEvent', at.completed + 6);
  };
  return { live, status: 'COMPLETED', took: forward(at), ineffective: { order: 2 } };
}

function hearingEverythingTwice(number: number): PlannedOrder {
  const at = times(number);
  const again = { run: 2, again: true };
  const live = async (story: Story) => {
    await reserve(story, at);
    await tell(story, at);
    await story.hears('payment', 'OrderCreatedEvent', 9_000, again);
    await story.hears('inventory', 'PaymentCompletedEvent', 9_000, again);
    await story.hears('order', 'PaymentCompletedEvent', 9_000, again);
    await story.hears('payment', 'InventoryReservedEvent', 9_000, again);
    await story.hears('order', 'InventoryReservedEvent', 9_000, again);
    await story.hears('notification', 'InventoryReservedEvent', 9_000, again);
    await story.hears('order', 'OrderCompletedNotificationSentEvent', 9_000, again);
  };
  const repeats = { order: 3, payment: 2, inventory: 1, notification: 1 };
  return { live, status: 'COMPLETED', took: forward(at), repeats };
}

function runningEverythingTwice(number: number): PlannedOrder {
  const at = times(number);
  const again = { again: true };
  const live = async (story: Story) => {
    await story.place(again);
    await story.hears('payment', 'OrderCreatedEvent', at.paid, again);
    await story.hears('order', 'PaymentCompletedEvent', at.paid + 9, again);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved, again);
    await story.hears('payment', 'InventoryReservedEvent', at.reserved + 3, again);
    await story.hears('order', 'InventoryReservedEvent', at.reserved + 6, again);
    await story.hears('notification', 'InventoryReservedEvent', at.reserved + 9, again);
    await story.attempts('accepted', at.told, at.told - 20);
    await story.hears('order', 'OrderCompletedNotificationSentEvent', at.completed, again);
  };
  return { live, status: 'COMPLETED', took: forward(at) };
}

/** R9: the mail may have gone out before the refund stopped it. */
function perhapsTold(number: number): PlannedOrder {
  const at = times(number);
  const refunded = at.paid + 180_000;
  const live = async (story: Story) => {
    await pay(story, at);
    await story.hears('inventory', 'PaymentCompletedEvent', at.reserved);
    await story.hears('order', 'InventoryReservedEvent', at.reserved + 6);
    await story.hears('notification', 'InventoryReservedEvent', at.reserved + 9);
    await story.attempts('unknown', at.told);
    await story.paymentGivesUp(refunded);
    await story.hears('notification', 'PaymentCancelledEvent', refunded + 5);
    await story.hears('order', 'PaymentCancelledEvent', refunded + 8);
    await story.hears('order', 'OrderCompletedNotificationSentEvent', refunded + 9);
  };
  return {
    live,
    status: 'OUT_OF_STOCK',
    reason: 'INVENTORY_TIMEOUT',
    took: { createdToPaid: at.paid, paidToReserved: at.reserved - at.paid, paidToRefunded: 180_000 },
    isReversed: true,
    attention: ['CUSTOMER_TOLD_THEN_REFUNDED'],
  };
}

/** Forged events change nothing, but wait in the quarantine; one of them arrives twice. */
function targetOfForgery(number: number): PlannedOrder {
  const before = completed(number);
  const live = async (story: Story) => {
    await before.live(story);
    await story.hearsForged('order', 'PaymentCompletedEvent', 9_000, 2);
    await story.hearsForged('payment', 'InventoryReservedEvent', 9_000);
  };
  const attention = ['SIGNAL_QUARANTINED', 'SIGNAL_QUARANTINED'] as const;
  return { ...before, live, quarantined: { order: 1, payment: 1 }, attention };
}

function stillOpen(number: number): PlannedOrder {
  const at = times(number);
  if (number % 2 === 0) return { live: (story) => pay(story, at), ...openAs('PAYMENT_COMPLETED', at.paid) };
  return { live: async (story) => void (await story.place()), ...openAs('PENDING_PAYMENT') };
}

const openAs = (status: OrderStatus, paid?: number) => ({
  status,
  took: paid === undefined ? {} : { createdToPaid: paid },
});
