import type { RunWatch, Script } from '../core/simulation/instance.js';
import { choreography } from '../schemas/catalogue.js';
import type { OrderId } from '../schemas/ids.js';
import type { Service } from '../schemas/services.js';
import { participants } from '../workflows/participants.js';
import { orderId as firstOrder } from './order.js';

/** The real participants of an order. */
export const scriptOf = (service: string, orderId: OrderId = firstOrder, watch?: RunWatch): Script => ({
  choreography,
  service,
  sagaId: orderId,
  participant: participants[service as Service],
  ...(watch && { watch }),
});
