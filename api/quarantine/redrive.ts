import type { Client } from '@temporalio/client';
import { recordOperatorAction, type RedriveOutcome } from '../../db/operator/operator-actions.js';
import { findQuarantined } from '../../db/operator/quarantine-view.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Refusal as InvalidSignal } from '../../core/activity/inspection.js';
import { deliverBySignal } from '../../core/activity/delivery.js';
import { choreography } from '../../schemas/catalogue.js';
import { inspectAgain, type QuarantinedSignal } from './inspect-again.js';

export interface Redrive {
  readonly id: number;
  /** Self-declared. */
  readonly operator: string;
}

export type RedriveRefusal =
  | { readonly reason: 'UNKNOWN_ENTRY'; readonly id: number }
  | { readonly reason: 'ALREADY_REDRIVEN' }
  | { readonly reason: 'STILL_INVALID'; readonly invalid: InvalidSignal };

export type RedriveResult =
  | { readonly refusal: RedriveRefusal; readonly signal?: undefined }
  | { readonly refusal?: undefined; readonly signal: QuarantinedSignal };

interface RedriveDependencies {
  readonly pool: Pool;
  readonly client: Client;
}

/**
 * Delivers a quarantined signal to the participant that refused it, if it passes inspection now, and records the
 * request and its outcome. Delivery comes before the record, so two operators at once, or a retry after a crash in
 * between, deliver it twice; the participant drops the repeat.
 */
export async function redrive(
  { pool, client }: RedriveDependencies,
  { id, operator }: Redrive,
): Promise<RedriveResult> {
  const signal = await findQuarantined(pool, id);
  if (!signal) return { refusal: { reason: 'UNKNOWN_ENTRY', id } };
  const { orderId, seen } = signal;
  const about = { action: 'REDRIVE', operator, orderId, quarantineId: id, seen } as const;
  const record = (outcome: RedriveOutcome, detail = '') =>
    recordOperatorAction(pool, { ...about, outcome, detail });

  if (signal.state === 'REDRIVEN') {
    await record('NOT_WAITING');
    return { refusal: { reason: 'ALREADY_REDRIVEN' } };
  }
  const inspection = await inspectAgain(pool, signal);
  if (inspection.refusal) {
    const invalid = inspection.refusal;
    await record('STILL_INVALID', `${invalid.reason}: ${invalid.detail}`);
    return { refusal: { reason: 'STILL_INVALID', invalid } };
  }
  try {
    await deliverBySignal(choreography, client)(signal.service, inspection.event);
  } catch (error) {
    await record('NOT_DELIVERED', 'Temporal did not confirm the delivery');
    throw error;
  }
  await record('DELIVERED');
  return { signal };
}
