import type { Choreography } from '../choreography.js';
import type { AnyEvent, SagaId } from '../event.js';
import type { Engine } from './engine.js';
import type { Mailbox } from './mailbox.js';
import type { RetryGate } from './retry-gate.js';

/**
 * One service's part in a saga, as linear code: it begins, reacts to events, and waits for the next ones. It is given
 * the saga's id alone: what it works on is in its service's row.
 */
export interface Participant<Context, Event extends AnyEvent, Begin extends string = never> {
  /** The events that begin the participant's work; when one of them comes late, or again, it runs once more. */
  readonly begins: readonly Begin[];
  /**
   * Works until nothing is left to wait for. Before its first wait it has an effect, which reads the row: a wait that is
   * interrupted runs it anew.
   */
  readonly run: (context: Context) => Promise<void>;
  /** The effect of every other event, whether it comes on time or late. */
  readonly react: (context: Context, event: Exclude<Event, { readonly type: Begin }>) => Promise<unknown>;
}

/** A participant of any service: the runtime below it runs effects by their names. */
export interface AnyParticipant {
  readonly begins: readonly string[];
  readonly run: (context: never) => Promise<void>;
  readonly react: (context: never, event: never) => Promise<unknown>;
}

/** Where a participant runs: for whom, what was signalled to it, and the engine that carries it. */
export interface Host {
  readonly choreography: Choreography;
  readonly service: string;
  readonly sagaId: SagaId;
  readonly mailbox: Mailbox;
  readonly engine: Engine;
  readonly gate: RetryGate;
  /** Told every row that the participant has reached. */
  readonly onRow?: (row: unknown) => void;
}

/** What a run shows as its result: how far its service has come with the saga. */
export interface ParticipantResult {
  readonly status: string;
  readonly reason: string | null;
}
