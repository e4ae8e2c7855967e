import { isDeepStrictEqual } from 'node:util';
import { catalogue, subscribersOf, type EventType } from './catalogue.js';
import type { FieldProblem } from './check-fields.js';
import type { SagaEvent } from './event.js';
import type { EventId, OrderId } from './ids.js';
import { validateEvent } from './registry.js';
import { roleOf, type Service } from './services.js';

/** Every reason for which a signal is put into quarantine, or has to stay there. */
export const quarantineReasons = [
  'UNDECODABLE',
  'UNKNOWN_EVENT',
  'NOT_ONE_PAYLOAD',
  'SCHEMA',
  'OTHER_ORDER',
  'NOT_IN_JOURNAL',
  'OTHER_CONTENT',
  'WRONG_PUBLISHER',
  'NOT_ADDRESSED',
] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

/** What the journal holds under an event's id. */
export interface JournaledEvent {
  readonly event: SagaEvent;
  /** The database role that wrote it, which no service can choose. */
  readonly publishedBy: string;
  /** The type of the event that caused it; null for the first event of a saga. */
  readonly causeType: EventType | null;
  readonly delivered: boolean;
}

export interface Refusal {
  readonly reason: QuarantineReason;
  /** What was expected and what was found. */
  readonly detail: string;
  /** The same field by field, where there are fields. */
  readonly problems?: readonly FieldProblem[];
}

/** The event that passed, reduced to its declared fields, or why it did not. */
export type Inspection =
  { readonly refusal: Refusal } | { readonly refusal?: undefined; readonly event: SagaEvent };

/** Whose participant received the event, and where to look it up. */
export interface Addressee {
  readonly service: Service;
  readonly orderId: OrderId;
  readonly findJournaled: (eventId: EventId) => Promise<JournaledEvent | undefined>;
}

/** A signal proves nothing: an event counts when its schema, the journal and the catalogue all agree to it. */
export async function inspectEvent(
  { type, payload }: { readonly type: EventType; readonly payload: unknown },
  { service, orderId, findJournaled }: Addressee,
): Promise<Inspection> {
  const validation = validateEvent(type, payload);
  if (!validation.ok) return refuseFields(validation.problems);
  const event = { type, payload: validation.payload } as SagaEvent;
  if (event.payload.orderId !== orderId)
    return refuse('OTHER_ORDER', `it belongs to order ${event.payload.orderId}`);
  const journaled = await findJournaled(event.payload.eventId);
  if (!journaled) return refuse('NOT_IN_JOURNAL', 'the journal holds no event of this id');
  if (journaled.event.type !== type || !isDeepStrictEqual(journaled.event.payload, payload))
    return refuse('OTHER_CONTENT', 'the journal holds other content under this id');
  const publisher = roleOf(catalogue[type].publisher);
  if (journaled.publishedBy !== publisher)
    return refuse('WRONG_PUBLISHER', `written by ${journaled.publishedBy}, expected ${publisher}`);
  if (!subscribersOf(type, journaled.causeType).includes(service))
    return refuse('NOT_ADDRESSED', `the catalogue does not address it to ${service}`);
  return { event };
}

export const refuse = (reason: QuarantineReason, detail: string): { readonly refusal: Refusal } => ({
  refusal: { reason, detail },
});

function refuseFields(problems: readonly FieldProblem[]): Inspection {
  const detail = problems.map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`);
  return { refusal: { reason: 'SCHEMA', detail: detail.join('; '), problems } };
}
