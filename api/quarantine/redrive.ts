import type { Client } from '@temporalio/client';
import { recordOperatorAction, type RedriveOutcome } from '../../db/operator/operator-actions.js';
import { findQuarantined } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../db/pool.js';
import type { Refusal } from '../../schemas/inspection.js';
import { Problem } from '../http/problem.js';
import { inspectAgain, type QuarantinedSignal } from './inspect-again.js';
import { signalEvent } from '../saga-client.js';

export interface Redrive {
  readonly id: number;
  /** As they named themselves. */
  readonly operator: string;
}

/**
 * Delivers a signal from quarantine to the participant that refused it, if it passes now, and records what the
 * operator asked for and what came of it. It is delivered before that is recorded: two operators at once, or one
 * who asks again after a crash in between, deliver it twice, and the participant drops the repeat. Throws a Problem
 * when there is nothing to deliver.
 */
export async function redrive(
  { pool, client }: { readonly pool: Pool; readonly client: Client },
  { id, operator }: Redrive,
): Promise<QuarantinedSignal> {
  const signal = await findQuarantined(pool, id);
  if (!signal) throw new Problem('not-found', `there is no entry ${id} in the quarantine`);
  const { orderId, seen } = signal;
  const record = (outcome: RedriveOutcome, detail = '') =>
    recordOperatorAction(pool, {
      action: 'REDRIVE',
      operator,
      orderId,
      quarantineId: id,
      seen,
      outcome,
      detail,
    });

  if (signal.state === 'REDRIVEN') {
    await record('NOT_WAITING');
    throw new Problem('quarantine-entry-not-waiting', 'it was delivered, and was not refused since');
  }
  const inspection = await inspectAgain(pool, signal);
  if (inspection.refusal) {
    const { refusal } = inspection;
    await record('STILL_INVALID', `${refusal.reason}: ${refusal.detail}`);
    throw stillInvalid(refusal);
  }
  try {
    await signalEvent(client, signal.service, inspection.event);
  } catch (error) {
    await record('NOT_DELIVERED', 'Temporal has not confirmed the delivery');
    throw error;
  }
  await record('DELIVERED');
  return signal;
}

const stillInvalid = ({ reason, detail, problems = [] }: Refusal): Problem =>
  new Problem('event-still-invalid', `${reason}: ${detail}`, {
    errors: problems.map(({ path, expected, found }) => ({
      field: path,
      detail: `expected ${expected}, found ${found}`,
    })),
  });
