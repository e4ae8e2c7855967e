import type { Order, OrderEffects, StoredOrder } from '../activities/order.js';
import type { EventType } from '../schemas/catalogue.js';
import type { Placement } from '../schemas/placement.js';
import type { Saga } from './saga.js';

type OrderSaga = Saga<OrderEffects>;

/** Order stores what was placed and follows it by the others' events, until it is final. */
export async function order(saga: OrderSaga, placement?: Placement): Promise<void> {
  let order = await store(saga, placement);
  while (order.status === 'PENDING_PAYMENT') order = await waitForThePayment(saga, order);
  while (order.status === 'PAYMENT_COMPLETED') order = await waitForTheReservation(saga, order);
  while (order.status === 'INVENTORY_RESERVED') order = await waitForTheNotification(saga, order);
  await saga.settleTheRest();
}

/** A late event starts a run without a placement: the order is stored already. */
async function store(saga: OrderSaga, placement: Placement | undefined): Promise<Order> {
  if (!placement) return saga.publish(await saga.ensure('look', null));
  return saga.publish(await saga.ensure('place', { key: `${saga.orderId}:placement`, placement }));
}

/** Any event can be the next one: it may overtake those that caused it. */
const anyEvent = [
  'PaymentCompletedEvent',
  'PaymentFailedEvent',
  'InventoryReservedEvent',
  'PaymentCancelledEvent',
  'OrderCompletedNotificationSentEvent',
  'OrderCompletedNotificationFailedEvent',
] as const satisfies readonly EventType[];

async function waitForThePayment(saga: OrderSaga, order: StoredOrder) {
  const event = await saga.receive(anyEvent, { at: order.paymentDue, waitingFor: 'the payment' });
  return saga.publish(event ? await saga.ensure('settle', event) : await giveUp(saga, order, 'payment'));
}

async function waitForTheReservation(saga: OrderSaga, order: StoredOrder) {
  const event = await saga.receive(anyEvent, { at: order.sagaDue, waitingFor: 'the reservation' });
  return saga.publish(event ? await saga.ensure('settle', event) : await giveUp(saga, order, 'saga'));
}

/** Paid and reserved: past the deadline nothing is undone, the order needs a person, and the wait goes on. */
async function waitForTheNotification(saga: OrderSaga, order: StoredOrder) {
  const waitingFor = 'the notification';
  const event = order.overdue
    ? await saga.receive(anyEvent, { waitingFor })
    : await saga.receive(anyEvent, { at: order.sagaDue, waitingFor });
  return saga.publish(event ? await saga.ensure('settle', event) : await giveUp(saga, order, 'saga'));
}

const giveUp = (saga: OrderSaga, { waitCauseId }: StoredOrder, wait: 'payment' | 'saga') =>
  saga.ensure('giveUp', { key: `${waitCauseId}:${wait} wait`, wait });
