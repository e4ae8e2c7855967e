import type { EpochMillis, SagaId } from '../event.js';

/**
 * The few things of Temporal that running a participant takes. `temporal.ts` has the real ones; the simulation has its
 * own, and everything built on them is then the same code.
 */
export interface Engine {
  /** Tells one run of a participant from the next. */
  readonly runId: string;
  now(): EpochMillis;
  /** Resolves as soon as the condition holds, or else when the timer has run out. */
  until(holds: () => boolean, timer?: Timer): Promise<void>;
  /** Runs an activity inside the workflow task. Rejects with an EffectFailure. */
  local<Result>(name: string, args: readonly unknown[], tries: LocalTries): Promise<Result>;
  /** Runs an activity of its own, which the Web UI shows. Its result rejects with an EffectFailure. */
  activity<Result>(name: string, args: readonly unknown[], tries: Tries): Running<Result>;
  /** What the Web UI shows as the present state of the run. */
  describe(details: string): void;
  /** Whether Temporal suggests that another run goes on. */
  isHistoryLong(): boolean;
  /** Whether this run has the change; a run that began before the change was made does not. */
  isPatched(name: string): boolean;
  /** Closes this run, and starts another with nothing but the saga's id. */
  continueAsNew(sagaId: SagaId): Promise<never>;
}

export interface Timer {
  readonly ms: number;
  /** What the Web UI shows beside the timer. */
  readonly summary: string;
}

/** Durations in ms. Without `attempts` an activity is tried until it succeeds. */
export interface Tries {
  readonly timeout: number;
  readonly attempts?: number;
  readonly firstPause: number;
  readonly backoff: number;
  readonly longestPause?: number;
  readonly summary?: string;
}

/** Once the `budget` is over, a try in flight is given up and none follows; tries that fail are bounded by `attempts`. */
export type LocalTries = Tries & { readonly attempts: number; readonly budget?: number };

export interface Running<Result> {
  readonly result: Promise<Result>;
  /** Begins no further attempt; one that is in flight is awaited. */
  stop(): void;
}

/** An activity has failed for good: all its attempts, or a stop between two of them. */
export class EffectFailure extends Error {
  override readonly name = 'EffectFailure';
}
