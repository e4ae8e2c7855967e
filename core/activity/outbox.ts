import { subscribersOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EventId } from '../event.js';
import type { PublishActivity } from './effect.js';
import type { JournaledEvent } from './inspection.js';

/** Delivers one event to one subscriber, at least once. */
export type Deliver<Event extends AnyEvent = AnyEvent> = (subscriber: string, event: Event) => Promise<void>;

/** The outbox of one service: the part of the journal that it wrote. */
export interface Outbox {
  find(eventId: EventId): Promise<JournaledEvent | undefined>;
  markDelivered(eventId: EventId): Promise<void>;
}

/**
 * Delivers a journaled event to its subscribers in the catalogue's order, and marks it delivered only when all have
 * it (R2). A repeat after a crash between two subscribers reaches the first one again, which drops it.
 */
export function createPublish(choreography: Choreography, outbox: Outbox, deliver: Deliver): PublishActivity {
  return async (eventId) => {
    const journaled = await outbox.find(eventId);
    if (!journaled) throw new Error(`the journal holds no event ${eventId}`);
    if (journaled.delivered) return;
    const { event, causeType } = journaled;
    for (const subscriber of subscribersOf(choreography, event.type, causeType))
      await deliver(subscriber, event);
    await outbox.markDelivered(eventId);
  };
}
