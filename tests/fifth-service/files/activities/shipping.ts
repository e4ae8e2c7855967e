import { IdempotentConsumer } from '../core/activity/consumer.js';
import { change, NO_EFFECT } from '../core/activity/decision.js';
import type { Effect, SharedEffects } from '../core/activity/effect.js';
import type { Store } from '../core/activity/store.js';
import { causeOf } from '../core/event.js';
import type { ShipmentRow } from '../db/shipping/shipments.js';
import type { Decision, EventFor, SagaEvent } from '../schemas/event.js';
import { contract } from '../schemas/registry.js';

export interface ShippingEffects extends SharedEffects<ShipmentRow> {
  /** Books a carrier for what Inventory has set aside. */
  ship: Effect<SagaEvent<'InventoryReservedEvent'>, ShipmentRow>;
  /** Compensation: calls the shipment back; what was not shipped never will be. */
  refuse: Effect<SagaEvent<'PaymentCancelledEvent'>, ShipmentRow>;
}

export function createShippingEffects(store: Store<ShipmentRow>): ShippingEffects {
  const consumer = new IdempotentConsumer(contract, store, viewShipment);
  return {
    ...consumer.sharedEffects,
    ship: (context, event) => consumer.consume(context, event, decideShipping),
    refuse: (context, event) => consumer.consume(context, event, decideShipping),
  };
}

const viewShipment = (row: ShipmentRow = { status: 'NOTHING' }): ShipmentRow => row;

/** Shipping's decision table: what its row says against each event. */
export function decideShipping(row: ShipmentRow, event: EventFor<'shipping'>): Decision<ShipmentRow> {
  switch (event.type) {
    case 'InventoryReservedEvent':
      if (row.status !== 'NOTHING') return NO_EFFECT;
      return change({ status: 'SHIPPED' }, { type: 'ShipmentBookedEvent', data: {}, cause: causeOf(event) });
    case 'PaymentCancelledEvent':
      return row.status === 'REFUSED' ? NO_EFFECT : change({ status: 'REFUSED' });
  }
}
