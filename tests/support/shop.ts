import { randomUUID } from 'node:crypto';
import type { Pool } from '../../core/postgres/pool.js';
import type { OrderId } from '../../schemas/ids.js';
import { limits } from '../../schemas/limits.js';
import type { OrderStatus } from '../../schemas/order-status.js';

/** Order's own part of the demo data. */
export async function seedReferenceData(owner: Pool): Promise<void> {
  await owner.query(`
    insert into orders.customers values ('alice', 'Alice'), ('bob', 'Bob');
    insert into orders.products values ('mouse', 'Mouse', 25000, 'KRW'), ('keyboard', 'Keyboard', 120000, 'KRW'),
      ('teapot', 'Teapot', 1999, 'EUR'), ('moon', 'Moon', ${limits.price.max}, 'KRW');`);
}

export interface StoredOrder {
  readonly orderId: OrderId;
  readonly customerId: string;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly correlationId: string;
  readonly requestDigest: string | null;
  readonly createdAt: Date;
}

/** Stores an order of one mouse with the history entry of its placement, and without an event. */
export async function storeOrder(owner: Pool, given: Partial<StoredOrder> = {}): Promise<StoredOrder> {
  const order: StoredOrder = {
    orderId: randomUUID() as OrderId,
    customerId: 'alice',
    status: 'PENDING_PAYMENT',
    reason: null,
    correlationId: randomUUID(),
    requestDigest: null,
    createdAt: new Date(),
    ...given,
  };
  const items = [{ sku: 'mouse', quantity: 1, unitPrice: { amount: 25_000, currency: 'KRW' } }];
  await owner.query(
    `insert into orders.orders (order_id, customer_id, items, total, currency, status, reason, correlation_id,
       request_digest, wait_cause_id, payment_due_at, saga_due_at, created_at, updated_at)
     values ($1, $2, $3, 25000, 'KRW', $4, $5, $6, $7, $8, $9, $9, $9, $9)`,
    [
      order.orderId,
      order.customerId,
      JSON.stringify(items),
      order.status,
      order.reason,
      order.correlationId,
      order.requestDigest,
      randomUUID(),
      order.createdAt,
    ],
  );
  await addHistory(owner, order.orderId, 1, 'PENDING_PAYMENT', order.createdAt, null);
  return order;
}

export async function addHistory(
  owner: Pool,
  orderId: OrderId,
  position: number,
  status: OrderStatus,
  at: Date,
  eventId: string | null,
): Promise<void> {
  await owner.query(
    `insert into orders.status_history (order_id, position, status, at, event_id) values ($1, $2, $3, $4, $5)`,
    [orderId, position, status, at, eventId],
  );
}

/** Moves a stored order on, as its worker would. */
export async function setStatus(owner: Pool, orderId: OrderId, status: OrderStatus): Promise<void> {
  await owner.query(`update orders.orders set status = $2 where order_id = $1`, [orderId, status]);
}
