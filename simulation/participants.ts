import type { Script } from '../core/simulation/instance.js';
import { choreography } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import { participants } from '../workflows/participants.js';
import { orderId } from './order.js';

/** The real participants. */
export const scriptOf = (service: string): Script => ({
  choreography,
  service,
  sagaId: orderId,
  participant: participants[service as Service],
});
