import { sagaIdOf, subscribersOf } from '../../core/choreography.js';
import type { AnyEvent } from '../../core/event.js';
import type { StoredEvent } from '../../core/simulation/database.js';
import { choreography } from '../../schemas/catalogue.js';
import type { Stored } from '../stored.js';
import type { OrderRecord } from './order-record.js';
import { rule } from './rule.js';

/** A service publishes its oldest event first, and each one in the catalogue's order of subscribers. */
export function deliveryRules(
  { journal }: Stored,
  subscriber: string,
  { type, payload }: AnyEvent,
  { tried }: OrderRecord,
): readonly string[] {
  const entry = journal.get(payload.eventId);
  if (!entry) return [];
  const subscribers = subscribersOf(choreography, type, entry.causeType);
  const before = subscribers.slice(0, subscribers.indexOf(subscriber));
  const key = (service: string) => `${service} ${payload.eventId}`;
  tried.add(key(subscriber));
  return [
    ...rule(
      before.every((service) => tried.has(key(service))),
      `${type} went to ${subscriber} before ${before.join()}`,
    ),
    ...rule(
      olderThan(entry, journal.values()).every(({ deliveredTo }) => deliveredTo !== null),
      `${type} went out before an older event of its publisher`,
    ),
  ];
}

function olderThan(entry: StoredEvent, journal: Iterable<StoredEvent>): readonly StoredEvent[] {
  const sagaId = sagaIdOf(choreography, entry.event);
  const own = [...journal].filter(
    ({ event, publishedBy }) => publishedBy === entry.publishedBy && sagaIdOf(choreography, event) === sagaId,
  );
  return own.slice(0, own.indexOf(entry));
}
