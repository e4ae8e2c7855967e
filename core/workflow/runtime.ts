import { ParticipantContext } from './context.js';
import { whyInterrupted } from './interrupted.js';
import type { AnyParticipant, Host, ParticipantResult } from './participant.js';

/**
 * Runs a participant until nothing is left for it to do. A wait that is interrupted begins it anew. It closes with an
 * empty mailbox only: a signal that arrives during its last effect makes Temporal run that task again, and the
 * participant then goes over it once more. The same holds where it ends only to continue as new.
 */
export async function runParticipant(host: Host, participant: AnyParticipant): Promise<ParticipantResult> {
  const context = new ParticipantContext<never, never>(host, participant.begins);
  for (;;) {
    const end = await participant.run(context as never).then(() => 'DONE' as const, whyInterrupted);
    if (end === 'LOOK_AGAIN') continue;
    await context.reactToLateEvents(participant);
    await context.reportTheRest();
    if (!host.mailbox.isEmpty) continue;
    if (host.mailbox.isLookDue) await context.lookAgain();
    else return end === 'DONE' ? context.result : host.engine.continueAsNew(host.sagaId);
  }
}
