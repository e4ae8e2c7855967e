import type { AnyEvent, SagaId } from '../event.js';

/** A saga that a service has left unfinished for longer than the grace. */
export interface Unfinished {
  readonly sagaId: SagaId;
  /**
   * Delivered to this service, which has no trace of them, oldest first. Empty where an answer is undelivered or a wait
   * is over.
   */
  readonly unhandled: readonly AnyEvent[];
}

/** What one service finds of its own unfinished work (R11). PostgreSQL's and a simulated one implement it. */
export interface SweepStore {
  /** Puts on record what is unfinished, and takes some of it: nobody else gets those for a while. */
  take(): Promise<Taken>;
  /** Temporal has confirmed the signals for these. */
  woken(sagaIds: readonly SagaId[]): Promise<void>;
  /** The next few sagas that wait for an operator, always in the same sequence; empty at the end. */
  parkedAfter(sagaId: SagaId | undefined): Promise<readonly SagaId[]>;
}

export interface Taken {
  readonly sagas: readonly Unfinished[];
  /** There may be more to take at once. */
  readonly hasMore: boolean;
}

/** Durations in ms. */
export interface SweepSettings {
  /** From one sweep of a worker to its next, on average. */
  readonly intervalMs: number;
  /** What is unfinished for no longer than this is under way; also the first pause before a saga is woken again. */
  readonly graceMs: number;
  /** Found unfinished for longer than this, a saga needs a person. */
  readonly stuckAfterMs: number;
  /** How many sagas are taken at once. */
  readonly batch: number;
}
