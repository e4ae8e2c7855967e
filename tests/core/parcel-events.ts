import type { Contract, JournaledEvent } from '../../core/activity/inspection.js';
import { SchemaRegistry } from '../../core/avro/schema-registry.js';
import { eventIdOf } from '../../core/event-id.js';
import type { AnyEvent, CorrelationId, EventId } from '../../core/event.js';
import { choreography } from '../../examples/hello-choreography/choreography.js';
import { NOW, sagaId } from './scripted-engine.js';

const avro = new URL('../../examples/hello-choreography/avro/', import.meta.url);
export const contract: Contract = { choreography, schemas: new SchemaRegistry(choreography, avro) };

export const correlationId = '3d813cbb-47fb-42ba-91df-831e1593ac29' as CorrelationId;

/** The event that begins a saga; `data` may spoil it. */
export const parcelPosted = (data: object = {}): AnyEvent => ({
  type: 'ParcelPostedEvent',
  payload: {
    eventId: eventIdOf(sagaId, 'ParcelPostedEvent', null),
    version: 1,
    parcelId: sagaId,
    correlationId,
    causationId: null as EventId | null,
    occurredAt: NOW as never,
    size: 30,
    ...data,
  } as AnyEvent['payload'],
});

/** The event as its publisher wrote it to the journal. */
export const journaledAs = (
  event: AnyEvent,
  { publishedBy = 'courier_service', ...rest }: Partial<JournaledEvent> = {},
): JournaledEvent => ({ event, publishedBy, causeType: null, deliveredTo: null, ...rest });
