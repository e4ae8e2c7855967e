import type { Payment, PaymentEffects } from '../activities/payment.js';
import type { Timeout } from '../core/activity/effect.js';
import type { Participant } from '../core/workflow/participant.js';
import type { EventFor, SagaEvent } from '../schemas/event.js';
import type { Context } from './context.js';

type PaymentContext = Context<PaymentEffects>;
type LaterEvent = Exclude<EventFor<'payment'>, SagaEvent<'OrderCreatedEvent'>>;

/** Payment charges the order, waits for its stock to be reserved, and gives the money back when it is not. */
export const payment: Participant<PaymentContext, EventFor<'payment'>, 'OrderCreatedEvent'> = {
  begins: ['OrderCreatedEvent'],
  react,
  async run(context) {
    let row = await begin(context);
    while (row.status === 'CHARGED') row = await waitForTheReservation(context, row);
  },
};

/** A cancelled order is not charged, even if the order and its cancellation arrive together. */
async function begin(context: PaymentContext): Promise<Payment> {
  const event = context.take('OrderCancelledEvent') ?? context.take('OrderCreatedEvent');
  switch (event?.type) {
    case 'OrderCreatedEvent':
      // One try. If nobody knows how it ended, it is made void, unless it turns out to have been done.
      return (await context.once.charge(event)) ?? context.ensure.void(event);
    case 'OrderCancelledEvent':
      return react(context, event);
    case undefined:
      return context.ensure.look(null);
  }
}

async function waitForTheReservation(context: PaymentContext, charged: Payment & { status: 'CHARGED' }) {
  const next = await context.receive(
    ['InventoryReservedEvent', 'InventoryReservationFailedEvent', 'OrderCancelledEvent'],
    {
      wait: 'reservation',
      waitingFor: 'the reservation',
      until: charged.answerBy,
      causeId: charged.waitCauseId,
    },
  );
  return react(context, next);
}

/** Reserved: the payment stands. Failed, cancelled or not reserved in time: the customer gets the money back. */
function react(context: PaymentContext, event: LaterEvent | Timeout<'reservation'>): Promise<Payment> {
  switch (event.type) {
    case 'InventoryReservedEvent':
      return context.ensure.confirm(event);
    case 'InventoryReservationFailedEvent':
    case 'OrderCancelledEvent':
    case 'TIMEOUT':
      return context.ensure.refund(event);
  }
}
