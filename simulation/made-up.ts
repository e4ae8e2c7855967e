import { subscribersOf, type EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import { services, type Service } from '../schemas/services.js';

/** The event with the id of one that was published, and other content. */
export const altered = ({ type, payload }: SagaEvent): SagaEvent =>
  ({ type, payload: { ...payload, occurredAt: payload.occurredAt + 1 } }) as SagaEvent;

/** A service to which the catalogue never addresses the event. */
export function strangerTo(type: EventType): Service {
  const stranger = services.find((service) => !subscribersOf(type, null).includes(service));
  if (stranger === undefined) throw new Error(`${type} is addressed to everybody`);
  return stranger;
}
