import { isEventType, subscribersOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EventId } from '../event.js';
import type { PublishActivity } from './effect.js';
import type { JournaledEvent } from './inspection.js';

/** Delivers one event to one subscriber, at least once. */
export type Deliver<Event extends AnyEvent = AnyEvent> = (subscriber: string, event: Event) => Promise<void>;

/** The outbox of one service: the part of the journal that it wrote. */
export interface Outbox {
  find(eventId: EventId): Promise<JournaledEvent | undefined>;
  markDelivered(eventId: EventId, subscribers: readonly string[]): Promise<void>;
}

/**
 * Delivers a journaled event to its subscribers in the catalogue's order, and marks it delivered only when all have
 * it (R2). A repeat after a crash between two subscribers reaches the first one again, which drops it. The mark says
 * to whom, so that a subscriber that a newer catalogue names gets an event that an older publisher has marked.
 */
export function createPublish(choreography: Choreography, outbox: Outbox, deliver: Deliver): PublishActivity {
  return async (eventId) => {
    const journaled = await outbox.find(eventId);
    if (!journaled) throw new Error(`the journal holds no event ${eventId}`);
    const { event } = journaled;
    const missing = missingSubscribers(choreography, journaled);
    if (missing.length === 0) return;
    for (const subscriber of missing) await deliver(subscriber, event);
    await outbox.markDelivered(eventId, [...journaled.deliveredTo, ...missing]);
  };
}

/** Who has yet to get an event. Of a type that only a newer release knows, nobody: that release delivers it. */
export function missingSubscribers(
  choreography: Choreography,
  { event, causeType, deliveredTo }: JournaledEvent,
): readonly string[] {
  if (!isEventType(choreography, event.type)) return [];
  const subscribers = subscribersOf(choreography, event.type, causeType);
  return subscribers.filter((subscriber) => !deliveredTo.includes(subscriber));
}
