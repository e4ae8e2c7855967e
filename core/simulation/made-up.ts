import { isAddressedTo, type Choreography } from '../choreography.js';
import type { AnyEvent } from '../event.js';

/** The event with the id of one that was published, and other content. */
export const altered = ({ type, payload }: AnyEvent): AnyEvent => ({
  type,
  payload: { ...payload, occurredAt: payload.occurredAt + 1 } as AnyEvent['payload'],
});

/** A service to which the catalogue never addresses the event. */
export function unaddressedBy(choreography: Choreography, type: string): string {
  const unaddressed = choreography.services.find((service) => !isAddressedTo(choreography, type, service));
  if (unaddressed === undefined) throw new Error(`${type} is addressed to everybody`);
  return unaddressed;
}
