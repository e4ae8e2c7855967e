import type { Service } from '../schemas/services.js';
import { inventory } from '../workflows/inventory.js';
import { notification } from '../workflows/notification.js';
import type { OperatorDesk } from '../workflows/operator-desk.js';
import { order } from '../workflows/order.js';
import { payment } from '../workflows/payment.js';
import type { EffectMap, Saga } from '../workflows/saga.js';
import { placement } from './order.js';

/** A participant of any service; the engine below it runs effects by their names. */
export type Participant = (saga: Saga<EffectMap>, desk: OperatorDesk) => Promise<void>;

/** The real participants. Order is given the placement when the API starts it, and not by a late event. */
export function participantOf(service: Service, isPlaced: boolean): Participant {
  const participants = {
    order: (saga: never) => order(saga, isPlaced ? placement : undefined),
    payment,
    inventory,
    notification,
  };
  return participants[service] as unknown as Participant;
}
