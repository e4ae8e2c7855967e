import { findEvent, markDelivered } from '../db/journal/journal-tables.js';
import type { Pool } from '../db/pool.js';
import { subscribersOf } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { Service } from '../schemas/services.js';
import type { PublishActivity } from './step.js';

/** Hands one event to one subscriber; it may come twice, and must not come never. */
export type Deliver = (subscriber: Service, event: SagaEvent) => Promise<void>;

/** The outbox of one service. */
export interface Outbox {
  find: (eventId: SagaEvent['payload']['eventId']) => ReturnType<typeof findEvent>;
  markDelivered: (eventId: SagaEvent['payload']['eventId']) => Promise<void>;
}

export const outboxOf = (pool: Pool): Outbox => ({
  find: (eventId) => findEvent(pool, eventId),
  markDelivered: (eventId) => markDelivered(pool, eventId),
});

/**
 * Delivers a journaled event to its subscribers in the catalogue's order, and marks it delivered only when
 * all have it (R2). A repeat after a crash between two subscribers reaches the first one again: consumers
 * drop what they have seen.
 */
export function createPublish(outbox: Outbox, deliver: Deliver): PublishActivity {
  return async (eventId) => {
    const journaled = await outbox.find(eventId);
    if (!journaled) throw new Error(`the journal holds no event ${eventId}`);
    if (journaled.delivered) return;
    for (const subscriber of subscribersOf(journaled.event.type, journaled.causeType))
      await deliver(subscriber, journaled.event);
    await outbox.markDelivered(eventId);
  };
}
