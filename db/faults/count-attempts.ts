import type { OrderId } from '../../schemas/ids.js';
import type { Pool } from '../../core/postgres/pool.js';

/** The attempts to tell the customer of an order, over all rounds, including the one under way. */
export async function countAttempts(pool: Pool, orderId: OrderId): Promise<number> {
  const { rows } = await pool.query<{ attempts: number }>(
    `select count(*) as attempts from notification.attempts where order_id = $1`,
    [orderId],
  );
  return rows[0]?.attempts ?? 0;
}
