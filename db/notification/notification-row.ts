import type { CorrelationId, EpochMillis, EventId } from '../../core/event.js';
import type { CustomerId } from '../../schemas/ids.js';
import type { Money, PlacedItem } from '../../schemas/placement.js';

/** What Notification knows of an order. */
export type NotificationRow =
  { readonly status: 'NOTHING' } | NotificationInHand | { readonly status: 'REVOKED'; readonly notice: null };

/** SENDING: a round of attempts runs. FAILED: the round is used up. REVOKED: nothing more may be sent (R4). */
export interface NotificationInHand {
  readonly status: 'SENDING' | 'SENT' | 'FAILED' | 'REVOKED';
  readonly notice: Notice;
  /** 1 for the first round of attempts, then one more for each retry of an operator. */
  readonly round: number;
  readonly attempts: readonly Attempt[];
  /** Whether a NotificationSent, certain or not, was published. */
  readonly announced: boolean;
  readonly sentAt: EpochMillis | null;
  /** While SENDING: by when the next attempt has begun, unless the participant is gone. */
  readonly nextAttemptBy: EpochMillis | null;
}

/** By when the next attempt has begun; null where none is to come. */
export function dueAt(row: NotificationRow): EpochMillis | null {
  return row.status === 'SENDING' ? row.nextAttemptBy : null;
}

export interface Notice {
  readonly customerId: CustomerId;
  readonly items: readonly PlacedItem[];
  readonly total: Money;
  /** The InventoryReservedEvent. */
  readonly causeId: EventId;
  readonly correlationId: CorrelationId;
}

/** `fate` is null from "attempt begun" until the attempt ended cleanly: meanwhile the mail may have gone out. */
export interface Attempt {
  readonly round: number;
  readonly number: number;
  readonly fate: Fate | null;
}

export type Fate = 'ACCEPTED' | 'REFUSED' | 'UNKNOWN';

/** What a decision can ask for beside the row: to put on record what an operator did. */
export interface RecordRetry {
  readonly kind: 'record';
  readonly actionId: string;
  readonly operator: string;
}
