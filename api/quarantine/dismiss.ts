import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import { findQuarantined, type QuarantineView } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../db/pool.js';
import { Problem } from '../http/problem.js';

/**
 * Records that an operator has looked at a refused signal and wants nothing done. It stays where it is, and can still
 * be delivered; refused once more, it waits again. Throws a Problem when it does not wait.
 */
export async function dismiss(pool: Pool, id: number, operator: string): Promise<QuarantineView> {
  const signal = await findQuarantined(pool, id);
  if (!signal) throw new Problem('not-found', `there is no entry ${id} in the quarantine`);
  const { orderId, seen, state } = signal;
  const outcome = state === 'WAITING' ? 'DISMISSED' : 'NOT_WAITING';
  const about = { action: 'DISMISSAL', operator, orderId, quarantineId: id, seen } as const;
  await recordOperatorAction(pool, { ...about, outcome, detail: '' });
  if (state !== 'WAITING')
    throw new Problem(
      'quarantine-entry-not-waiting',
      `it was ${state === 'REDRIVEN' ? 'delivered' : 'dismissed'}`,
    );
  return signal;
}
