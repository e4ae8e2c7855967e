import type { Choreography } from '../choreography.js';
import type { AnyEvent, SagaId } from '../event.js';
import { ParticipantContext } from './context.js';
import type { Engine } from './engine.js';
import type { Mailbox } from './mailbox.js';
import { ContinueAsNew, type RetryGate } from './retry-gate.js';

/** One service's part in a saga, as linear code: it begins, reacts to events, and waits for the next ones. */
export interface Participant<
  Context,
  Event extends AnyEvent,
  Begin extends string = never,
  Args extends unknown[] = [],
> {
  /** The events that begin the participant's work; when one of them comes late, it runs once more. */
  readonly begins: readonly Begin[];
  /** Works until nothing is left to wait for. */
  readonly run: (context: Context, ...args: Args) => Promise<void>;
  /** The effect of every other event, whether it comes on time or late. */
  readonly react: (context: Context, event: Exclude<Event, { readonly type: Begin }>) => Promise<unknown>;
}

/** A participant of any service: the runtime below it runs effects by their names. */
export type AnyParticipant<Args extends unknown[]> = Participant<never, never, string, Args>;

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

/**
 * Runs a participant until its mailbox is empty and everything it dropped or refused is on record. It closes with an
 * empty mailbox only: a signal that arrives during its last effect makes Temporal run that task again, and the
 * participant then goes over it once more. The same holds where it ends only to continue as new.
 */
export async function runParticipant<Args extends unknown[]>(
  host: Host,
  participant: AnyParticipant<Args>,
  ...args: Args
): Promise<ParticipantResult> {
  const context = new ParticipantContext<never, never>(host);
  try {
    do {
      await participant.run(context as never, ...args);
      await context.reactToLateEvents(participant, participant.begins);
      await context.reportTheRest();
    } while (!host.mailbox.isEmpty);
    return context.result;
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) throw error;
    do {
      await context.reactToLateEvents(participant, []);
      await context.reportTheRest();
    } while (!host.mailbox.isEmpty);
    return host.engine.continueAsNew(host.sagaId);
  }
}
