import { EMPTY, NO_CHANGE, THE_SAME, type DecisionTable } from './cell.js';

const closed = {
  OrderCreatedEvent: EMPTY,
  OrderCancelledEvent: EMPTY,
  InventoryReservedEvent: EMPTY,
  InventoryReservationFailedEvent: EMPTY,
  'reservation wait over': EMPTY,
} as const;

const declined = (reason: 'INSUFFICIENT_BALANCE' | 'NO_WALLET' | 'PAYMENT_TIMEOUT') =>
  ({ then: 'DECLINED', emits: { type: 'PaymentFailedEvent', reason } }) as const;

const refunded = (reason: typeof THE_SAME | 'ORDER_CANCELLED') =>
  ({ then: 'REFUNDED', emits: { type: 'PaymentCancelledEvent', reason } }) as const;

export const paymentTable = {
  NOTHING: {
    OrderCreatedEvent: [
      {
        when: 'the wallet holds the amount',
        then: 'CHARGED',
        emits: { type: 'PaymentCompletedEvent' },
      },
      { when: 'the wallet holds less', ...declined('INSUFFICIENT_BALANCE') },
      { when: 'there is no wallet', ...declined('NO_WALLET') },
      { when: 'the wallet is in another currency', ...declined('NO_WALLET') },
      { when: '`answerBy` is too near (R6)', ...declined('PAYMENT_TIMEOUT') },
      {
        when: 'the charge threw and is not there',
        then: 'VOID',
        emits: { type: 'PaymentFailedEvent', reason: 'PAYMENT_ERROR' },
      },
      {
        when: 'the charge threw but had committed (R8)',
        then: 'CHARGED',
        emits: { type: 'PaymentCompletedEvent' },
      },
    ],
    OrderCancelledEvent: {
      then: 'VOID',
      emits: { type: 'PaymentFailedEvent', reason: 'ORDER_CANCELLED' },
      note: 'a tombstone: it can never be charged',
    },
    InventoryReservedEvent: EMPTY,
    InventoryReservationFailedEvent: EMPTY,
    'reservation wait over': EMPTY,
  },
  DECLINED: closed,
  VOID: closed,
  CHARGED: {
    OrderCreatedEvent: { ...EMPTY, note: 'the wait goes on, to the stored `answerBy`' },
    OrderCancelledEvent: refunded('ORDER_CANCELLED'),
    InventoryReservedEvent: { then: 'CONFIRMED' },
    InventoryReservationFailedEvent: refunded(THE_SAME),
    'reservation wait over': [
      {
        when: '`answerBy` has come',
        then: 'REFUNDED',
        emits: {
          type: 'PaymentCancelledEvent',
          reason: 'INVENTORY_TIMEOUT',
          causedBy: 'PaymentCompletedEvent',
        },
      },
      { when: '`answerBy` has not come', then: NO_CHANGE },
    ],
  },
  CONFIRMED: { ...closed, OrderCancelledEvent: refunded('ORDER_CANCELLED') },
  REFUNDED: closed,
} as const satisfies DecisionTable<
  'NOTHING' | 'DECLINED' | 'VOID' | 'CHARGED' | 'CONFIRMED' | 'REFUNDED',
  | 'OrderCreatedEvent'
  | 'OrderCancelledEvent'
  | 'InventoryReservedEvent'
  | 'InventoryReservationFailedEvent'
  | 'reservation wait over'
>;
