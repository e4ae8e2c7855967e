import type { Decision as AnyDecision } from '../core/activity/decision.js';
import type { AnyEvent, Cause, EventFields } from '../core/event.js';
import type { EventType, EventTypeFor } from './catalogue.js';
import type { EventPayloads } from './generated/events.js';
import type { Service } from './services.js';

/** One of the shop's events: its type (the signal's name) and its Avro-validated payload. */
export type SagaEvent<Type extends EventType = EventType> = {
  [T in Type]: AnyEvent<T, EventPayloads[T]>;
}[Type];

/** The events that the catalogue addresses to a service. */
export type EventFor<Name extends Service> = SagaEvent<EventTypeFor<Name>>;

/** What a service emits, before the consumer adds ids and times. */
export type EmittedEvent<Type extends EventType = EventType> = {
  [T in Type]: { readonly type: T; readonly data: EventData<T>; readonly cause: Cause };
}[Type];

/** The fields of an event's own, without those that every event carries. */
export type EventData<Type extends EventType> = Omit<EventPayloads[Type], keyof EventFields | 'orderId'>;

/** A decision of one of the shop's services. */
export type Decision<Row, Command = never, Result = never> = AnyDecision<Row, EmittedEvent, Command, Result>;
