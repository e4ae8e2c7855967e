import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import { findQuarantined, type QuarantineView } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../core/postgres/pool.js';

export type DismissalRefusal =
  | { readonly reason: 'UNKNOWN_ENTRY'; readonly id: number }
  | { readonly reason: 'ALREADY_REDRIVEN' | 'ALREADY_DISMISSED' };

export type DismissalResult =
  | { readonly refusal: DismissalRefusal; readonly signal?: undefined }
  | { readonly refusal?: undefined; readonly signal: QuarantineView };

/**
 * Records that an operator has looked at a refused signal and wants nothing done. The signal stays in the quarantine,
 * can still be redriven, and waits for attention again if it is refused once more.
 */
export async function dismiss(pool: Pool, id: number, operator: string): Promise<DismissalResult> {
  const signal = await findQuarantined(pool, id);
  if (!signal) return { refusal: { reason: 'UNKNOWN_ENTRY', id } };
  const { orderId, seen, state } = signal;
  const outcome = state === 'WAITING' ? 'DISMISSED' : 'NOT_WAITING';
  const about = { action: 'DISMISSAL', operator, orderId, quarantineId: id, seen } as const;
  await recordOperatorAction(pool, { ...about, outcome, detail: '' });
  return state === 'WAITING' ? { signal } : { refusal: { reason: `ALREADY_${state}` } };
}
