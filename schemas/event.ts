import type { EventType } from './catalogue.js';
import type { EventPayloads } from './generated/events.js';
import type { CorrelationId, EventId } from './ids.js';

/** An event as participants and activities see it: its type (the signal's name) and its Avro-validated payload. */
export type SagaEvent<Type extends EventType = EventType> = {
  [T in Type]: { readonly type: T; readonly payload: EventPayloads[T] };
}[Type];

/** What a service decides to say, before the consumer adds ids and times. */
export type Answer<Type extends EventType = EventType> = {
  [T in Type]: { readonly type: T; readonly data: EventData<T> };
}[Type];

/** The fields of an event's own, without those that every event carries. */
export type EventData<Type extends EventType> = Omit<EventPayloads[Type], CommonField>;

type CommonField = 'eventId' | 'version' | 'orderId' | 'correlationId' | 'causationId' | 'occurredAt';

/** What caused an event: another event, or (null) the placement; the request that placed the order stays the same. */
export interface Cause {
  readonly eventId: EventId | null;
  readonly correlationId: CorrelationId;
}
