import type { RetryInput } from '../activities/notification.js';
import type { EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';

/** Where an operator's wish reaches a participant. It is open only while the participant is parked. */
export interface OperatorDesk {
  /** Parks until an event of these types arrives, which comes first, or an operator asks for a retry. */
  open<Type extends EventType>(types: readonly Type[]): Promise<SagaEvent<Type> | RetryInput>;
}
