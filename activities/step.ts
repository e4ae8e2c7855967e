import type { Undelivered } from '../db/store.js';
import type { EpochMillis, EventId, OrderId } from '../schemas/ids.js';
import type { QuarantineReason } from '../schemas/inspection.js';

/**
 * What every effect receives beside its input. `now` is the workflow's clock; `runId` tells a step that
 * Temporal runs again from an event that comes again.
 */
export interface StepContext {
  readonly orderId: OrderId;
  readonly runId: string;
  readonly now: EpochMillis;
  readonly drops: readonly InboxDrop[];
  readonly strays: readonly Stray[];
  /** How often this run was refused this very event before. */
  readonly refusedBefore: number;
}

/** A repeat that the running participant's inbox dropped; `seen` counts the drops of this run so far. */
export interface InboxDrop {
  readonly eventId: EventId;
  readonly seen: number;
}

/** A signal that is not even shaped like an event. */
export interface Stray {
  readonly signalName: string;
  readonly reason: QuarantineReason;
  readonly body: string;
  /** How often this very signal came within this run so far. */
  readonly seen: number;
}

/** What every effect returns: the row as it now is, and what the participant has to publish (R2). */
export interface Outcome<View> {
  readonly row: View;
  readonly unpublished: readonly Undelivered[];
  /** False when the event was quarantined instead of consumed. */
  readonly accepted: boolean;
  /** True when an earlier run had applied the event: the participant counts the repeat. */
  readonly repeated: boolean;
}

export type Effect<Input, View> = (context: StepContext, input: Input) => Promise<Outcome<View>>;

export type PublishActivity = (eventId: EventId) => Promise<void>;
