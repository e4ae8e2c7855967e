import { EMPTY, type DecisionTable } from './cell.js';

const closed = { PaymentCompletedEvent: EMPTY, PaymentCancelledEvent: EMPTY } as const;

const rejected = (reason: 'OUT_OF_STOCK' | 'UNKNOWN_SKU' | 'INVENTORY_TIMEOUT') =>
  ({ then: 'REJECTED', emits: { type: 'InventoryReservationFailedEvent', reason } }) as const;

export const inventoryTable = {
  NOTHING: {
    PaymentCompletedEvent: [
      {
        when: 'all pieces are there',
        then: 'RESERVED',
        emits: { type: 'InventoryReservedEvent' },
      },
      { when: 'one product is short', ...rejected('OUT_OF_STOCK'), note: 'of the others nothing is taken' },
      { when: 'one product is unknown', ...rejected('UNKNOWN_SKU'), note: 'of the others nothing is taken' },
      { when: '`answerBy` is too near (R6)', ...rejected('INVENTORY_TIMEOUT') },
      {
        when: 'the reservation threw and is not there',
        then: 'RELEASED',
        emits: { type: 'InventoryReservationFailedEvent', reason: 'INVENTORY_ERROR' },
      },
      {
        when: 'the reservation threw but had committed (R8)',
        then: 'RESERVED',
        emits: { type: 'InventoryReservedEvent' },
      },
    ],
    PaymentCancelledEvent: { then: 'RELEASED', note: 'a tombstone: it can never be reserved' },
  },
  RESERVED: {
    PaymentCompletedEvent: EMPTY,
    PaymentCancelledEvent: { then: 'RELEASED', note: 'the stock goes back' },
  },
  REJECTED: closed,
  RELEASED: closed,
} as const satisfies DecisionTable<
  'NOTHING' | 'RESERVED' | 'REJECTED' | 'RELEASED',
  'PaymentCompletedEvent' | 'PaymentCancelledEvent'
>;
