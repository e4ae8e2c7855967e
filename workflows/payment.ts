import type { Payment, PaymentEffects } from '../activities/payment.js';
import type { SagaEvent } from '../schemas/event.js';
import type { Saga } from './saga.js';

type PaymentSaga = Saga<PaymentEffects>;

/** Payment debits the amount, then waits for the stock to be reserved, and refunds when it is not. */
export async function payment(saga: PaymentSaga): Promise<void> {
  let payment = await takeTheMoney(saga);
  while (payment.status === 'CHARGED') payment = await waitForTheReservation(saga, payment);
  await saga.settleTheRest({ except: ['OrderCancelledEvent', 'OrderCreatedEvent'] });
}

/** A cancelled order is not charged, even if it asks for the money at the same moment. */
async function takeTheMoney(saga: PaymentSaga): Promise<Payment> {
  const event = saga.take('OrderCancelledEvent') ?? saga.take('OrderCreatedEvent');
  switch (event?.type) {
    case 'OrderCreatedEvent':
      return saga.publish(await charge(saga, event));
    case 'OrderCancelledEvent':
      return saga.publish(await saga.ensure('settle', event));
    case undefined:
      return saga.publish(await saga.ensure('look', null));
  }
}

/** One try. If nobody knows how it ended, it is made undone, unless it turns out to have been done. */
async function charge(saga: PaymentSaga, order: SagaEvent<'OrderCreatedEvent'>) {
  try {
    return await saga.once('charge', order);
  } catch {
    return saga.ensure('voidCharge', order);
  }
}

/** Reserved: the payment is settled. Failed, cancelled or not answered in time: the customer gets the money back. */
async function waitForTheReservation(saga: PaymentSaga, charged: Payment & { status: 'CHARGED' }) {
  const event = await saga.receive(
    ['InventoryReservedEvent', 'InventoryReservationFailedEvent', 'OrderCancelledEvent'],
    { at: charged.answerBy, waitingFor: 'the reservation' },
  );
  const outcome = event
    ? await saga.ensure('settle', event)
    : await saga.ensure('giveUpOnReservation', { key: `${charged.waitCauseId}:reservation wait` });
  return saga.publish(outcome);
}
