import { MAX_PAYLOAD_BYTES } from '../bounds.js';
import { entryOf } from '../choreography.js';
import type { AnyEvent, EmittedEvent, EpochMillis, SagaId } from '../event.js';
import { eventIdOf } from '../event-id.js';
import type { Contract } from './inspection.js';

/** Adds what every event carries, as of `now`. Throws where the event breaks its own schema, or is too large. */
export function completeEvent(
  { choreography, schemas }: Contract,
  sagaId: SagaId,
  { type, data, cause }: EmittedEvent,
  now: EpochMillis,
): AnyEvent {
  const payload = {
    eventId: eventIdOf(sagaId, type, cause.eventId),
    version: entryOf(choreography, type).version,
    [choreography.sagaKey]: sagaId,
    correlationId: cause.correlationId,
    causationId: cause.eventId,
    occurredAt: now,
    ...data,
  };
  const validation = schemas.validate(type, payload);
  if (!validation.ok) throw new Error(`${type} breaks its schema: ${JSON.stringify(validation.problems)}`);
  if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES)
    throw new Error(`${type} is larger than ${MAX_PAYLOAD_BYTES} bytes, which its subscribers would refuse`);
  return { type, payload: validation.payload };
}
