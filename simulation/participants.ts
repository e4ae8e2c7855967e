import type { Script } from '../core/simulation/instance.js';
import type { AnyParticipant } from '../core/workflow/participant.js';
import { choreography } from '../schemas/catalogue.js';
import type { Service } from '../schemas/services.js';
import { participants } from '../workflows/participants.js';
import { orderId } from './order.js';

/** The real participants. Order is given the placement when the API starts it, and not by a late event. */
export const scriptOf = (service: string, args: readonly unknown[]): Script => ({
  choreography,
  service,
  sagaId: orderId,
  participant: participants[service as Service] as unknown as AnyParticipant<unknown[]>,
  args: [...args],
});
