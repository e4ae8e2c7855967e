import { v5 } from 'uuid';
import type { EventId, SagaId } from './event.js';

// Stored events keep their ids, so neither of these may ever change.
const NAMESPACE = '6f1c1f5e-3a8e-4d0c-9a57-0c9f4f1b7b1e';
const NO_CAUSE = 'no cause';

/** The id of the event of this type that this cause has in this saga; the same however often it is asked. */
export const eventIdOf = (sagaId: SagaId, type: string, causationId: EventId | null): EventId =>
  v5([sagaId, type, causationId ?? NO_CAUSE].join('\n'), NAMESPACE) as EventId;
