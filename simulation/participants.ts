import type { Script } from '../core/simulation/instance.js';
import type { AnyParticipant } from '../core/workflow/participant.js';
import { choreography } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import { inventory } from '../workflows/inventory.js';
import { notification } from '../workflows/notification.js';
import { order } from '../workflows/order.js';
import { payment } from '../workflows/payment.js';
import { orderId } from './order.js';

const participants = { order, payment, inventory, notification } satisfies Record<Service, unknown>;

/** The real participants. Order is given the placement when the API starts it, and not by a late event. */
export const scriptOf = (service: string, args: readonly unknown[]): Script => ({
  choreography,
  service,
  sagaId: orderId,
  participant: participants[service as Service] as unknown as AnyParticipant<unknown[]>,
  args: [...args],
});
