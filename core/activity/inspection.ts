import { isDeepStrictEqual } from 'node:util';
import { validate as isUuid } from 'uuid';
import type { FieldProblem } from '../avro/check-fields.js';
import type { SchemaRegistry } from '../avro/schema-registry.js';
import { isNestedTooDeep, MAX_LEVELS } from '../bounds.js';
import { entryOf, isEventType, roleOf, sagaIdOf, subscribersOf, type Choreography } from '../choreography.js';
import type { AnyEvent, EventId, SagaId } from '../event.js';

/** Every reason for which a signal is put into quarantine, or has to stay there. */
export const quarantineReasons = [
  'UNDECODABLE',
  'UNKNOWN_EVENT',
  'NOT_ONE_PAYLOAD',
  'SCHEMA',
  'OTHER_SAGA',
  'NOT_IN_JOURNAL',
  'OTHER_CONTENT',
  'WRONG_PUBLISHER',
  'NOT_ADDRESSED',
] as const;
export type QuarantineReason = (typeof quarantineReasons)[number];

/** What the journal holds under an event's id. */
export interface JournaledEvent<Event extends AnyEvent = AnyEvent> {
  readonly event: Event;
  /** The database role that wrote it, which no service can choose. */
  readonly publishedBy: string;
  /** The type of the event that caused it; null for the first event of a saga. */
  readonly causeType: string | null;
  /** The subscribers that have it; null until all that its publisher knew have it. */
  readonly deliveredTo: readonly string[] | null;
}

export interface Refusal {
  readonly reason: QuarantineReason;
  /** What was expected and what was found. */
  readonly detail: string;
  /** The same field by field, where there are fields. */
  readonly problems?: readonly FieldProblem[];
}

/** The event that passed, reduced to its declared fields, or why it did not. */
export type Inspection<Event extends AnyEvent = AnyEvent> =
  { readonly refusal: Refusal } | { readonly refusal?: undefined; readonly event: Event };

/** The choreography with its schemas. */
export interface Contract {
  readonly choreography: Choreography;
  readonly schemas: SchemaRegistry;
}

/** Whose participant received the event, and where to look it up. */
export interface Recipient {
  readonly service: string;
  readonly sagaId: SagaId;
  /** Prefers, of several events of this id, the one that the role `publisher` wrote. */
  readonly findJournaled: (eventId: EventId, publisher: string) => Promise<JournaledEvent | undefined>;
}

/** A signal proves nothing: an event counts when its schema, the journal and the catalogue all agree to it. */
export async function inspectEvent<Event extends AnyEvent>(
  { choreography, schemas }: Contract,
  { type, payload }: { readonly type: string; readonly payload: unknown },
  { service, sagaId, findJournaled }: Recipient,
): Promise<Inspection<Event>> {
  if (isNestedTooDeep(payload)) return refuse('UNDECODABLE', `nested deeper than ${MAX_LEVELS} levels`);
  const validation = schemas.validate(type, payload);
  if (!validation.ok) return refuseFields(validation.problems);
  const event = { type, payload: validation.payload } as Event;
  if (sagaIdOf(choreography, event) !== sagaId)
    return refuse('OTHER_SAGA', `its ${choreography.sagaKey} is ${sagaIdOf(choreography, event)}`);
  const publisher = roleOf(entryOf(choreography, type).publisher);
  const journaled = await findJournaled(event.payload.eventId, publisher);
  if (!journaled) return refuse('NOT_IN_JOURNAL', 'the journal holds no event of this id');
  if (!isSame(journaled.event, { type, payload }))
    return refuse('OTHER_CONTENT', 'the journal holds other content under this id');
  if (journaled.publishedBy !== publisher)
    return refuse('WRONG_PUBLISHER', `written by ${journaled.publishedBy}, expected ${publisher}`);
  if (!subscribersOf(choreography, type, journaled.causeType).includes(service))
    return refuse('NOT_ADDRESSED', `the catalogue does not address it to ${service}`);
  return { event };
}

/** The id of an event that was refused, where the journal holds this very one; null for anything else. */
export async function journaledIdOf(
  { choreography }: Contract,
  { type, payload }: { readonly type: string; readonly payload: unknown },
  findJournaled: Recipient['findJournaled'],
): Promise<EventId | null> {
  const { eventId } = (payload ?? {}) as { readonly eventId?: unknown };
  if (!isUuid(eventId) || !isEventType(choreography, type)) return null;
  const publisher = roleOf(entryOf(choreography, type).publisher);
  const journaled = await findJournaled(eventId as EventId, publisher);
  return journaled && isSame(journaled.event, { type, payload }) ? journaled.event.payload.eventId : null;
}

const isSame = (journaled: AnyEvent, { type, payload }: { type: string; payload: unknown }): boolean =>
  journaled.type === type && isDeepStrictEqual(journaled.payload, payload);

export const refuse = (reason: QuarantineReason, detail: string): { readonly refusal: Refusal } => ({
  refusal: { reason, detail },
});

function refuseFields(problems: readonly FieldProblem[]): { readonly refusal: Refusal } {
  const detail = problems.map(({ path, expected, found }) => `${path}: expected ${expected}, found ${found}`);
  return { refusal: { reason: 'SCHEMA', detail: detail.join('; '), problems } };
}
