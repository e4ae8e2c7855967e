import { randomUUID } from 'node:crypto';
import { eventIdOf } from '../../core/event-id.js';
import type { EventId } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';

/** A cancellation that the journal does not have, as after the journal was restored from a backup. */
export function lostCancellation(orderId: OrderId, causationId = randomUUID() as EventId) {
  return {
    eventId: eventIdOf(orderId, 'OrderCancelledEvent', causationId),
    version: 1,
    orderId,
    correlationId: randomUUID(),
    causationId,
    occurredAt: Date.now(),
    reason: 'SAGA_TIMEOUT',
  };
}

export type Cancellation = ReturnType<typeof lostCancellation>;
