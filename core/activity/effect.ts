import type { EpochMillis, EventId, SagaId } from '../event.js';
import type { QuarantineReason } from './inspection.js';

/**
 * What every effect receives beside its input. `now` is the workflow's clock, which stands still while a task is held
 * up: no effect happens earlier. `runId` tells an effect that Temporal runs again from an event that comes again.
 */
export interface EffectContext {
  readonly sagaId: SagaId;
  readonly runId: string;
  readonly now: EpochMillis;
  /** How often this run has been told of the event that is the input; 0 where the input is no event. */
  readonly seen: number;
  readonly malformed: readonly MalformedSignal[];
}

/** A signal that is not even shaped like an event. */
export interface MalformedSignal {
  readonly signalName: string;
  readonly reason: QuarantineReason;
  readonly body: string;
  /** How often this very signal has come within this run. */
  readonly seen: number;
}

/** A wait that is over without the awaited event. */
export interface Timeout<Wait extends string = string> {
  readonly type: 'TIMEOUT';
  readonly wait: Wait;
  /** The event that began the wait. */
  readonly causeId: EventId;
}

/** What every effect returns: the row as it now is, and what the participant has to publish (R2). */
export interface EffectResult<View> {
  readonly row: View;
  readonly unpublished: readonly Undelivered[];
}

/** An event of this service that not every subscriber has. */
export interface Undelivered {
  readonly eventId: EventId;
  readonly type: string;
}

/** A step of a service, named by what it means to the business. The name says what is meant; the row decides (R1). */
export type Effect<Input, View> = (context: EffectContext, input: Input) => Promise<EffectResult<View>>;

/** The effects that every service has. */
export interface SharedEffects<View> {
  /** Reads the row and what is still to be published; changes nothing. */
  look: Effect<null, View>;
  /** Takes in an event that asks for no effect: a genuine one is counted, any other is quarantined. */
  inspect: Effect<unknown, View>;
}

export type PublishActivity = (eventId: EventId) => Promise<void>;

/** How long one attempt of an effect may take that Temporal tries again (`context.retry`), in ms. */
export const ATTEMPT_TIMEOUT_MS = 30_000;

/** How much of a refused signal is kept, in UTF-16 code units. */
export const MAX_BODY = 16_384;
