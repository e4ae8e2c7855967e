import type { InventoryEffects } from '../activities/inventory.js';
import type { SagaEvent } from '../schemas/event.js';
import type { Saga } from './saga.js';

type InventorySaga = Saga<InventoryEffects>;

/** Inventory reserves the stock of a paid order, and gives it back when the payment is cancelled. */
export async function inventory(saga: InventorySaga): Promise<void> {
  await takeTheStock(saga);
  await saga.settleTheRest({ except: ['PaymentCancelledEvent', 'PaymentCompletedEvent'] });
}

/** A cancelled payment reserves nothing, even if it asks for the stock at the same moment. */
async function takeTheStock(saga: InventorySaga) {
  const event = saga.take('PaymentCancelledEvent') ?? saga.take('PaymentCompletedEvent');
  switch (event?.type) {
    case 'PaymentCompletedEvent':
      return saga.publish(await reserve(saga, event));
    case 'PaymentCancelledEvent':
      return saga.publish(await saga.ensure('settle', event));
    case undefined:
      return saga.publish(await saga.ensure('look', null));
  }
}

/** One try. If nobody knows how it ended, it is made undone, unless it turns out to have been done. */
async function reserve(saga: InventorySaga, payment: SagaEvent<'PaymentCompletedEvent'>) {
  try {
    return await saga.once('reserve', payment);
  } catch {
    return saga.ensure('voidReservation', payment);
  }
}
