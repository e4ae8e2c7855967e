import type { FeedData } from '../../dashboard/api/documents.js';
import type { FeedKind, FeedMessage } from '../../dashboard/feed/messages.js';

export const ORDER = '11111111-1111-4111-8111-111111111111';
const START = Date.parse('2026-11-24T12:00:00.000Z');
const MINUTE = 60_000;

/** A moment, in milliseconds after the order was placed. */
export const at = (ms: number): string => new Date(START + ms).toISOString();
export const moment = (ms: number): number => START + ms;

export const message = <Kind extends FeedKind>(
  kind: Kind,
  data: Omit<FeedData[Kind], 'orderId'>,
): FeedMessage => ({ kind, data: { orderId: ORDER, ...data } }) as unknown as FeedMessage;

const price = { amount: 25_000, currency: 'KRW' };

export const placed = (): FeedMessage =>
  message('placed', {
    customerId: 'alice',
    items: [{ sku: 'mouse', quantity: 1, unitPrice: price }],
    total: price,
    at: at(0),
    paymentDueAt: at(5 * MINUTE),
    sagaDueAt: at(10 * MINUTE),
  });

export const status = (
  name: FeedData['status']['status'],
  ms: number,
  { reason = null, cause = null }: { reason?: FeedData['status']['reason']; cause?: Short | null } = {},
): FeedMessage =>
  message('status', { status: name, reason, at: at(ms), eventId: cause === null ? null : idOf(cause) });

/** Events of a story by a short name, which also gives their ids. */
export type Short = keyof typeof events;

const events = {
  created: ['OrderCreatedEvent', 'order', ['payment']],
  paid: ['PaymentCompletedEvent', 'payment', ['inventory', 'order']],
  declined: ['PaymentFailedEvent', 'payment', ['order']],
  reserved: ['InventoryReservedEvent', 'inventory', ['payment', 'order', 'notification']],
  soldOut: ['InventoryReservationFailedEvent', 'inventory', ['payment']],
  refunded: ['PaymentCancelledEvent', 'payment', ['order']],
  refundedLate: ['PaymentCancelledEvent', 'payment', ['notification', 'inventory', 'order']],
  told: ['OrderCompletedNotificationSentEvent', 'notification', ['order']],
  untold: ['OrderCompletedNotificationFailedEvent', 'notification', ['order']],
  cancelled: ['OrderCancelledEvent', 'order', ['payment']],
} as const satisfies Record<
  string,
  readonly [
    FeedData['published']['type'],
    FeedData['published']['publisher'],
    FeedData['published']['subscribers'],
  ]
>;

export const idOf = (short: Short): string => {
  const number = Object.keys(events).indexOf(short) + 1;
  return `22222222-2222-5222-8222-${String(number).padStart(12, '0')}`;
};

export function published(
  short: Short,
  ms: number,
  cause: Short | null,
  payload: Readonly<Record<string, unknown>> = {},
): FeedMessage {
  const [type, publisher, subscribers] = events[short];
  return message('published', {
    eventId: idOf(short),
    type,
    version: 1,
    publisher,
    subscribers,
    causationId: cause === null ? null : idOf(cause),
    occurredAt: at(ms),
    payload,
  });
}

export const delivered = (short: Short, ms: number): FeedMessage =>
  message('delivered', { eventId: idOf(short), at: at(ms) });

export const attempt = (
  number: number,
  begun: number,
  end?: readonly [ms: number, fate: NonNullable<FeedData['attempt']['fate']>],
): FeedMessage =>
  message('attempt', {
    round: 1,
    number,
    begunAt: at(begun),
    endedAt: end ? at(end[0]) : null,
    fate: end ? end[1] : null,
  });

export const notification = (name: FeedData['notification']['status'], ms: number): FeedMessage =>
  message('notification', { status: name, at: at(ms) });

const answerBy = { answerBy: START + 3 * MINUTE };

/** How every story with a payment starts. */
const paidStory: readonly FeedMessage[] = [
  placed(),
  status('PENDING_PAYMENT', 0),
  published('created', 10, null),
  delivered('created', 60),
  published('paid', 300, 'created', answerBy),
  delivered('paid', 380),
  status('PAYMENT_COMPLETED', 400, { cause: 'paid' }),
];

export const openStory = paidStory;

export const completedStory: readonly FeedMessage[] = [
  ...paidStory,
  published('reserved', 600, 'paid'),
  delivered('reserved', 700),
  status('INVENTORY_RESERVED', 720, { cause: 'reserved' }),
  notification('SENDING', 740),
  attempt(1, 750),
  attempt(1, 750, [820, 'ACCEPTED']),
  notification('SENT', 820),
  published('told', 830, 'reserved'),
  delivered('told', 880),
  status('COMPLETED', 900, { cause: 'told' }),
];

export const refundedStory: readonly FeedMessage[] = [
  ...paidStory,
  published('soldOut', 600, 'paid', { reason: 'OUT_OF_STOCK' }),
  delivered('soldOut', 650),
  published('refunded', 800, 'soldOut', { reason: 'OUT_OF_STOCK', refunded: price }),
  delivered('refunded', 860),
  status('OUT_OF_STOCK', 900, { reason: 'OUT_OF_STOCK', cause: 'refunded' }),
];

/** Inventory is down: Payment's wait runs out after three minutes. */
export const reservationTimeoutStory: readonly FeedMessage[] = [
  ...paidStory,
  published('refundedLate', 3 * MINUTE, 'paid', { reason: 'INVENTORY_TIMEOUT', refunded: price }),
  status('OUT_OF_STOCK', 3 * MINUTE + 80, { reason: 'INVENTORY_TIMEOUT', cause: 'refundedLate' }),
];

/** Payment is down: Order's wait runs out after five minutes. */
export const paymentTimeoutStory: readonly FeedMessage[] = [
  placed(),
  status('PENDING_PAYMENT', 0),
  published('created', 10, null),
  status('PAYMENT_FAILED', 5 * MINUTE, { reason: 'PAYMENT_TIMEOUT' }),
  published('cancelled', 5 * MINUTE, 'created', { reason: 'PAYMENT_TIMEOUT' }),
];

/** Two attempts fail, a minute apart; then the notification is parked. */
export const parkedStory: readonly FeedMessage[] = [
  ...completedStory.slice(0, 11),
  attempt(1, 750, [800, 'REFUSED']),
  attempt(2, 60_800, [60_850, 'UNKNOWN']),
  notification('FAILED', 60_900),
  published('untold', 60_900, 'reserved', { attempts: 2 }),
  message('attention', { code: 'NOTIFICATION_FAILED', since: at(61_000), clearedAt: null }),
];
