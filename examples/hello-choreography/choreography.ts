import type { Choreography } from '../../core/choreography.js';
import type { EventFields, EventOf } from '../../core/event.js';

/** A courier posts a parcel to a locker, and takes it back when the locker refuses it. */
export const choreography: Choreography = {
  services: ['courier', 'locker'],
  catalogue: {
    ParcelPostedEvent: { version: 1, publisher: 'courier', subscribers: [{ service: 'locker' }] },
    ParcelStoredEvent: { version: 1, publisher: 'locker', subscribers: [{ service: 'courier' }] },
    ParcelRefusedEvent: { version: 1, publisher: 'locker', subscribers: [{ service: 'courier' }] },
  },
  sagaKey: 'parcelId',
  sagaAttribute: 'ParcelId',
};

export interface Payloads {
  readonly ParcelPostedEvent: EventFields & { readonly size: number };
  readonly ParcelStoredEvent: EventFields;
  readonly ParcelRefusedEvent: EventFields;
}
export type Event<Type extends keyof Payloads> = EventOf<Payloads, Type>;
