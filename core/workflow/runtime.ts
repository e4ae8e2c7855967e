import { ParticipantContext } from './context.js';
import type { AnyParticipant, Host, ParticipantResult } from './participant.js';
import { ContinueAsNew } from './retry-gate.js';

/**
 * Runs a participant until its mailbox is empty and everything it dropped or refused is on record. It closes with an
 * empty mailbox only: a signal that arrives during its last effect makes Temporal run that task again, and the
 * participant then goes over it once more. The same holds where it ends only to continue as new.
 */
export async function runParticipant(host: Host, participant: AnyParticipant): Promise<ParticipantResult> {
  const context = new ParticipantContext<never, never>(host);
  try {
    do {
      await participant.run(context as never);
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
