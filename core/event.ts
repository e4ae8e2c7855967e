declare const brand: unique symbol;

/** A value that the compiler tells apart from others of the same base type. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A UUID in lower case. Names one saga, in every service that takes part in it. */
export type SagaId = Branded<string, 'SagaId'>;

/** A name-based UUID of (saga, event type, cause), so that a repeated effect repeats the same event. */
export type EventId = Branded<string, 'EventId'>;

/** The UUID of the request that began the saga; every event of the saga carries it. */
export type CorrelationId = Branded<string, 'CorrelationId'>;

/** Whether a value is a UUID in lower case, as the ids of sagas and events are. */
export const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);

/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMillis = Branded<number, 'EpochMillis'>;

/** What every event carries, beside its own data and the field that names its saga (`Choreography.sagaKey`). */
export interface EventFields {
  readonly eventId: EventId;
  readonly version: number;
  readonly correlationId: CorrelationId;
  /** The event that caused this one; for one made by a timer, the event that began the wait; null for the first. */
  readonly causationId: EventId | null;
  readonly occurredAt: EpochMillis;
}

/** An event of any choreography: its type, which is also the signal's name, and its payload. */
export interface AnyEvent<Type extends string = string, Payload extends EventFields = EventFields> {
  readonly type: Type;
  readonly payload: Payload;
}

/** The events of these types, where `Payloads` has the payload of every type. */
export type EventOf<Payloads, Type extends keyof Payloads & string> = {
  [T in Type]: { readonly type: T; readonly payload: Payloads[T] };
}[Type];

/** The event that caused another one, or (null) the request that began the saga. */
export interface Cause {
  readonly eventId: EventId | null;
  readonly correlationId: CorrelationId;
}

/** What a decision emits. The consumer adds id, version and time, and writes it to the journal. */
export interface EmittedEvent {
  readonly type: string;
  readonly data: object;
  readonly cause: Cause;
}

export const causeOf = ({ payload }: AnyEvent): { eventId: EventId; correlationId: CorrelationId } => ({
  eventId: payload.eventId,
  correlationId: payload.correlationId,
});
