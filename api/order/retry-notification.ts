import type { Client } from '@temporalio/client';
import { v4, v5 } from 'uuid';
import { recordOperatorAction } from '../../db/operator/operator-actions.js';
import { findOrderView } from '../../db/order/order-view.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { OrderId } from '../../schemas/ids.js';
import * as saga from '../saga-client.js';

export interface RetryDependencies {
  readonly pools: { readonly order: Pool; readonly operator: Pool };
  readonly client: Client;
}

export interface RetryRequest {
  readonly orderId: OrderId;
  readonly operator: string;
  readonly idempotencyKey: string | undefined;
}

/** NO_ANSWER: no Notification worker took the request in time. */
export type RetryRefusal =
  | { readonly reason: 'UNKNOWN_ORDER'; readonly orderId: OrderId }
  | { readonly reason: 'NOT_PARKED' | 'NO_ANSWER' };

const RETRIES = '0d6a5a5e-94d6-4d8b-a5b4-9c8f2f1c6b37';

/**
 * Asks a parked notification for another round of attempts, once per key. A refusal is recorded here; Notification
 * itself records a retry that it accepts, together with its effect.
 */
export async function retryNotification(
  { pools, client }: RetryDependencies,
  { orderId, operator, idempotencyKey: key }: RetryRequest,
): Promise<{ readonly refusal?: RetryRefusal }> {
  if (!(await findOrderView(pools.order, orderId))) return { refusal: { reason: 'UNKNOWN_ORDER', orderId } };
  const updateId = key === undefined ? v4() : v5(`${orderId}\n${key}`, RETRIES);
  const outcome = await saga.retryNotification(client, orderId, operator, updateId);
  if (outcome === 'ACCEPTED') return {};
  const about = { action: 'NOTIFICATION_RETRY', operator, orderId } as const;
  await recordOperatorAction(pools.operator, { ...about, outcome, detail: '' });
  return { refusal: { reason: outcome } };
}
