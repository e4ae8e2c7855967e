import type { OrderStatus } from '../order-status.js';
import { EMPTY, NO_CHANGE, THE_SAME, type DecisionTable } from './cell.js';

const TOLD_IN_VAIN = 'CUSTOMER_TOLD_THEN_REFUNDED';

const unchanged = {
  PaymentCompletedEvent: EMPTY,
  PaymentFailedEvent: EMPTY,
  InventoryReservedEvent: EMPTY,
  PaymentCancelledEvent: EMPTY,
  OrderCompletedNotificationSentEvent: EMPTY,
  'uncertain OrderCompletedNotificationSentEvent': EMPTY,
  OrderCompletedNotificationFailedEvent: EMPTY,
  'payment wait over': EMPTY,
  'saga deadline over': EMPTY,
} as const;

const noted = { then: NO_CHANGE, records: ['told'] } as const;

const refund = { then: 'OUT_OF_STOCK', reason: THE_SAME, records: ['refunded'] } as const;

const refunds = [
  { when: 'nobody was told', ...refund },
  { when: 'an uncertain notification was recorded', ...refund, raises: TOLD_IN_VAIN },
] as const;

const undone = {
  ...unchanged,
  PaymentCancelledEvent: [
    { when: 'the refund is not recorded', then: NO_CHANGE, records: ['refunded'] },
    { when: 'the refund is recorded', then: NO_CHANGE },
  ],
  OrderCompletedNotificationSentEvent: [
    { when: 'nobody was told', ...noted, raises: TOLD_IN_VAIN },
    { when: 'an uncertain notification was recorded', then: NO_CHANGE },
  ],
  'uncertain OrderCompletedNotificationSentEvent': { ...noted, raises: TOLD_IN_VAIN },
} as const;

export const orderTable = {
  NOTHING: unchanged,
  PENDING_PAYMENT: {
    PaymentCompletedEvent: { then: 'PAYMENT_COMPLETED' },
    PaymentFailedEvent: [
      { when: 'nobody was told', then: 'PAYMENT_FAILED', reason: THE_SAME },
      {
        when: 'an uncertain notification was recorded',
        then: 'PAYMENT_FAILED',
        reason: THE_SAME,
        raises: TOLD_IN_VAIN,
      },
    ],
    InventoryReservedEvent: { then: 'INVENTORY_RESERVED', through: ['PAYMENT_COMPLETED'] },
    PaymentCancelledEvent: { ...refund, through: ['PAYMENT_COMPLETED'] },
    OrderCompletedNotificationSentEvent: {
      then: 'COMPLETED',
      through: ['PAYMENT_COMPLETED', 'INVENTORY_RESERVED'],
      records: ['told'],
    },
    'uncertain OrderCompletedNotificationSentEvent': noted,
    OrderCompletedNotificationFailedEvent: {
      then: 'INVENTORY_RESERVED',
      through: ['PAYMENT_COMPLETED'],
      raises: 'NOTIFICATION_FAILED',
    },
    'payment wait over': [
      {
        when: 'the time has come',
        then: 'PAYMENT_FAILED',
        reason: 'PAYMENT_TIMEOUT',
        emits: { type: 'OrderCancelledEvent', reason: 'PAYMENT_TIMEOUT', causedBy: 'OrderCreatedEvent' },
      },
      {
        when: 'the saga has no more time than this wait',
        then: 'PAYMENT_FAILED',
        reason: 'SAGA_TIMEOUT',
        emits: { type: 'OrderCancelledEvent', reason: 'SAGA_TIMEOUT', causedBy: 'OrderCreatedEvent' },
      },
      { when: 'the time has not come', then: NO_CHANGE },
    ],
    'saga deadline over': {
      then: 'PAYMENT_FAILED',
      reason: 'SAGA_TIMEOUT',
      emits: { type: 'OrderCancelledEvent', reason: 'SAGA_TIMEOUT', causedBy: 'OrderCreatedEvent' },
    },
  },
  PAYMENT_COMPLETED: {
    ...unchanged,
    InventoryReservedEvent: { then: 'INVENTORY_RESERVED' },
    PaymentCancelledEvent: refunds,
    OrderCompletedNotificationSentEvent: {
      then: 'COMPLETED',
      through: ['INVENTORY_RESERVED'],
      records: ['told'],
    },
    'uncertain OrderCompletedNotificationSentEvent': noted,
    OrderCompletedNotificationFailedEvent: { then: 'INVENTORY_RESERVED', raises: 'NOTIFICATION_FAILED' },
    'saga deadline over': [
      {
        when: 'the time has come',
        then: 'OUT_OF_STOCK',
        reason: 'SAGA_TIMEOUT',
        emits: { type: 'OrderCancelledEvent', reason: 'SAGA_TIMEOUT', causedBy: 'OrderCreatedEvent' },
      },
      { when: 'the time has not come', then: NO_CHANGE },
    ],
  },
  INVENTORY_RESERVED: {
    ...unchanged,
    PaymentCancelledEvent: [
      ...refunds,
      { when: 'the notification had failed', ...refund, clears: 'NOTIFICATION_FAILED' },
    ],
    OrderCompletedNotificationSentEvent: [
      { when: 'nobody was told', then: 'COMPLETED', records: ['told'] },
      {
        when: 'the notification had failed',
        then: 'COMPLETED',
        records: ['told'],
        clears: 'NOTIFICATION_FAILED',
      },
    ],
    'uncertain OrderCompletedNotificationSentEvent': noted,
    OrderCompletedNotificationFailedEvent: { then: NO_CHANGE, raises: 'NOTIFICATION_FAILED' },
    'saga deadline over': { then: NO_CHANGE, raises: 'NOTIFICATION_OVERDUE' },
  },
  COMPLETED: {
    ...unchanged,
    PaymentCancelledEvent: { ...refund, raises: TOLD_IN_VAIN },
  },
  PAYMENT_FAILED: undone,
  OUT_OF_STOCK: undone,
} as const satisfies DecisionTable<
  OrderStatus | 'NOTHING',
  | 'PaymentCompletedEvent'
  | 'PaymentFailedEvent'
  | 'InventoryReservedEvent'
  | 'PaymentCancelledEvent'
  | 'OrderCompletedNotificationSentEvent'
  | 'uncertain OrderCompletedNotificationSentEvent'
  | 'OrderCompletedNotificationFailedEvent'
  | 'payment wait over'
  | 'saga deadline over'
>;
