import { v5 } from 'uuid';
import type { EventType } from './catalogue.js';
import type { EventId, OrderId } from './ids.js';

const NAMESPACE = '6f1c1f5e-3a8e-4d0c-9a57-0c9f4f1b7b1e';

/** The id of the event of this type that this cause has for this order; the same however often it is asked. */
export const eventIdOf = (orderId: OrderId, type: EventType, causationId: EventId | null): EventId =>
  v5([orderId, type, causationId ?? 'placement'].join('\n'), NAMESPACE) as EventId;
