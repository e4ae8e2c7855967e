import type { ParticipantContext } from '../../core/workflow/context.js';
import type { Participant } from '../../core/workflow/participant.js';
import { hosted } from '../../core/workflow/temporal.js';
import type { CourierEffects, LockerEffects } from './activities.js';
import { choreography, type Event, type Payloads } from './choreography.js';

type Courier = ParticipantContext<Payloads, CourierEffects>;
type Locker = ParticipantContext<Payloads, LockerEffects>;
type Answer = Event<'ParcelStoredEvent' | 'ParcelRefusedEvent'>;
const react = (context: Courier, event: Answer) =>
  event.type === 'ParcelStoredEvent' ? context.ensure.deliver(event) : context.ensure.takeBack(event);

export const courierParticipant: Participant<Courier, Answer> = {
  begins: [],
  react,
  async run(context) {
    const answers = ['ParcelStoredEvent', 'ParcelRefusedEvent'] as const;
    let parcel = await context.ensure.look(null);
    while (parcel.status === 'POSTED')
      parcel = await react(context, await context.receiveWhenever(answers, { waitingFor: 'the locker' }));
  },
};

/** The locker waits for nothing: it only answers. */
export const lockerParticipant: Participant<Locker, Event<'ParcelPostedEvent'>> = {
  begins: [],
  react: (context, event) => context.ensure.store(event),
  run: () => Promise.resolve(),
};

export const courier = hosted(choreography, 'courier', courierParticipant);
export const locker = hosted(choreography, 'locker', lockerParticipant);
