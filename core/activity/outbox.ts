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
 * to whom, so that a subscriber that a newer catalogue names gets an event that an older publisher has marked. An event
 * that the journal does not hold, because it was made up or the database was set back, leaves nothing to deliver.
 */
export function createPublish(choreography: Choreography, outbox: Outbox, deliver: Deliver): PublishActivity {
  return async (eventId) => {
    const journaled = await outbox.find(eventId);
    // PostgreSQL was set back behind the effect that wrote it, of which the row knows nothing either.
    if (!journaled) return;
    const { event } = journaled;
    const missing = leftToDeliver(choreography, journaled);
    if (missing === undefined) return;
    for (const subscriber of missing) await deliver(subscriber, event);
    await outbox.markDelivered(eventId, [...(journaled.deliveredTo ?? []), ...missing]);
  };
}

/**
 * Whom a journaled event has yet to reach, perhaps nobody; undefined once it is marked and misses no subscriber. A type
 * that only a newer release knows counts as delivered: that release delivers it.
 */
export function leftToDeliver(
  choreography: Choreography,
  { event, causeType, deliveredTo }: JournaledEvent,
): readonly string[] | undefined {
  if (!isEventType(choreography, event.type)) return undefined;
  const subscribers = subscribersOf(choreography, event.type, causeType);
  const missing = subscribers.filter((subscriber) => !deliveredTo?.includes(subscriber));
  return deliveredTo !== null && missing.length === 0 ? undefined : missing;
}
