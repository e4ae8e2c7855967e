import type { ShippingEffects } from '../activities/shipping.js';
import type { Participant } from '../core/workflow/participant.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { Context } from './context.js';

type ShippingContext = Context<ShippingEffects>;

/** Shipping books a carrier for a reserved order, and calls the shipment back when the payment is cancelled. */
export const shipping: Participant<ShippingContext, EventFor<'shipping'>, 'InventoryReservedEvent'> = {
  begins: ['InventoryReservedEvent'],
  react,
  async run(context) {
    await begin(context);
  },
};

/** A cancelled order is not shipped, even if its reservation and the cancellation arrive together. */
async function begin(context: ShippingContext): Promise<unknown> {
  const event = context.take('PaymentCancelledEvent') ?? context.take('InventoryReservedEvent');
  switch (event?.type) {
    case 'InventoryReservedEvent':
      return context.ensure.ship(event);
    case 'PaymentCancelledEvent':
      return react(context, event);
    case undefined:
      return context.ensure.look(null);
  }
}

function react(context: ShippingContext, event: SagaEvent<'PaymentCancelledEvent'>): Promise<unknown> {
  return context.ensure.refuse(event);
}
