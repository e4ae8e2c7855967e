import type { InventoryEffects, Reservation } from '../activities/inventory.js';
import type { Participant } from '../core/workflow/participant.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { Context } from './context.js';

type InventoryContext = Context<InventoryEffects>;

/** Inventory reserves the stock of a paid order, and gives it back when the payment is cancelled. */
export const inventory: Participant<InventoryContext, EventFor<'inventory'>, 'PaymentCompletedEvent'> = {
  begins: ['PaymentCompletedEvent'],
  react,
  async run(context) {
    await begin(context);
  },
};

/** A cancelled payment reserves nothing, even if the payment and its cancellation arrive together. */
async function begin(context: InventoryContext): Promise<Reservation> {
  const event = context.take('PaymentCancelledEvent') ?? context.take('PaymentCompletedEvent');
  switch (event?.type) {
    case 'PaymentCompletedEvent':
      // One try. If nobody knows how it ended, it is made void, unless it turns out to have been done.
      return (await context.once.reserve(event)) ?? context.ensure.void(event);
    case 'PaymentCancelledEvent':
      return react(context, event);
    case undefined:
      return context.ensure.look(null);
  }
}

/** The payment is cancelled: what was reserved goes back, and nothing will be reserved any more. */
function react(context: InventoryContext, event: SagaEvent<'PaymentCancelledEvent'>): Promise<Reservation> {
  return context.ensure.release(event);
}
