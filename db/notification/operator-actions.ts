import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Transaction } from '../../core/postgres/transaction.js';
import type { RecordRetry } from './notification-row.js';

/** Puts on record who asked for a retry, as they named themselves. */
export function recordRetry(
  db: Transaction,
  orderId: OrderId,
  { actionId, operator }: RecordRetry,
  now: EpochMillis,
): void {
  db.send(
    `insert into notification.operator_actions (action_id, order_id, operator, action, at)
     values ($1, $2, $3, 'RETRY', $4)`,
    [actionId, orderId, operator, new Date(now)],
  );
}
