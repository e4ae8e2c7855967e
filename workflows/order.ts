import type { Order, OrderEffects, StoredOrder } from '../activities/order.js';
import type { Timeout } from '../core/activity/effect.js';
import type { Participant } from '../core/workflow/participant.js';
import type { EventTypeFor } from '../schemas/catalogue.js';
import type { EventFor } from '../schemas/event.js';
import type { Context } from './context.js';

type OrderContext = Context<OrderEffects>;

/** Order announces what was placed, and follows it by the others' events until it is final. */
export const order: Participant<OrderContext, EventFor<'order'>> = {
  begins: [],
  react,
  async run(context) {
    // The order was stored with its OrderCreatedEvent, which is still to be published.
    let row = await context.ensure.look(null);
    while (row.status === 'PENDING_PAYMENT') row = await waitForThePayment(context, row);
    while (row.status === 'PAYMENT_COMPLETED') row = await waitForTheReservation(context, row);
    while (row.status === 'INVENTORY_RESERVED') row = await waitForTheNotification(context, row);
  },
};

/** Any event can be the next one: it may overtake those that caused it. */
const anyEvent = [
  'PaymentCompletedEvent',
  'PaymentFailedEvent',
  'InventoryReservedEvent',
  'PaymentCancelledEvent',
  'OrderCompletedNotificationSentEvent',
  'OrderCompletedNotificationFailedEvent',
] as const satisfies readonly EventTypeFor<'order'>[];

async function waitForThePayment(context: OrderContext, row: StoredOrder): Promise<Order> {
  const { paymentDue: until, waitCauseId: causeId } = row;
  const deadline = { wait: 'payment', waitingFor: 'the payment', until, causeId } as const;
  return react(context, await context.receive(anyEvent, deadline));
}

async function waitForTheReservation(context: OrderContext, row: StoredOrder): Promise<Order> {
  return react(context, await context.receive(anyEvent, sagaDeadline(row, 'the reservation')));
}

/** Paid and reserved: past the deadline nothing is undone, the order needs a person, and the wait goes on. */
async function waitForTheNotification(context: OrderContext, row: StoredOrder): Promise<Order> {
  const waitingFor = 'the notification';
  const next = row.overdue
    ? await context.receiveWhenever(anyEvent, { waitingFor })
    : await context.receive(anyEvent, sagaDeadline(row, waitingFor));
  return react(context, next);
}

const sagaDeadline = ({ sagaDue: until, waitCauseId: causeId }: StoredOrder, waitingFor: string) =>
  ({ wait: 'saga', waitingFor, until, causeId }) as const;

/** Each event moves the order on, as far as it proves (R10); a wait that is over cancels it. */
function react(
  context: OrderContext,
  event: EventFor<'order'> | Timeout<'payment' | 'saga'>,
): Promise<Order> {
  switch (event.type) {
    case 'PaymentCompletedEvent':
      return context.ensure.markPaid(event);
    case 'PaymentFailedEvent':
      return context.ensure.markUnpaid(event);
    case 'InventoryReservedEvent':
      return context.ensure.markReserved(event);
    case 'PaymentCancelledEvent':
      return context.ensure.markRefunded(event);
    case 'OrderCompletedNotificationSentEvent':
      return context.ensure.complete(event);
    case 'OrderCompletedNotificationFailedEvent':
      return context.ensure.callForAttention(event);
    case 'TIMEOUT':
      return context.ensure.cancel(event);
  }
}
