import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { Connection } from '../../core/postgres/pool.js';
import type { RecordRetry } from './notification-row.js';

/** Puts on record who asked for a retry, as they named themselves. */
export async function recordRetry(
  db: Connection,
  orderId: OrderId,
  { actionId, operator }: RecordRetry,
  now: EpochMillis,
): Promise<void> {
  await db.query(
    `insert into notification.operator_actions (action_id, order_id, operator, action, at)
     values ($1, $2, $3, 'RETRY', $4)`,
    [actionId, orderId, operator, new Date(now)],
  );
}
