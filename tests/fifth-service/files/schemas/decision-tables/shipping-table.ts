import { EMPTY, type DecisionTable } from './cell.js';

export const shippingTable = {
  NOTHING: {
    InventoryReservedEvent: { then: 'SHIPPED', emits: { type: 'ShipmentBookedEvent' } },
    PaymentCancelledEvent: { then: 'REFUSED', note: 'a tombstone: it can never be shipped' },
  },
  SHIPPED: {
    InventoryReservedEvent: EMPTY,
    PaymentCancelledEvent: { then: 'REFUSED', note: 'the shipment is called back' },
  },
  REFUSED: { InventoryReservedEvent: EMPTY, PaymentCancelledEvent: EMPTY },
} as const satisfies DecisionTable<
  'NOTHING' | 'SHIPPED' | 'REFUSED',
  'InventoryReservedEvent' | 'PaymentCancelledEvent'
>;
