import type { Pool } from '../../core/postgres/pool.js';
import type { NewOrder } from '../contender.js';

/** Stores an order. What carries it on is started afterwards, so a crash between the two leaves it as it is. */
export async function storePlainOrder(pool: Pool, order: NewOrder): Promise<void> {
  const { orderId, customerId, items, total, correlationId } = order;
  await pool.query(
    `insert into orders.orders (order_id, customer_id, items, total, currency, status, correlation_id, wait_cause_id,
       payment_due_at, saga_due_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, 'PENDING_PAYMENT', $6, $1, now(), now(), now(), now())`,
    [orderId, customerId, JSON.stringify(items), total.amount, total.currency, correlationId],
  );
}
