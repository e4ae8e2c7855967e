import pg from 'pg';

/**
 * Stores orders of the past, a second apart, with ids that follow from their numbers. Seven of 20 have failed, and one
 * needs a person. The customer `steady` has failures only in the oldest hundredth, and SAGA_TIMEOUT occurs nowhere else.
 * Triggers are off, so the feed does not tell of them.
 */
export async function storePastOrders(ownerUrl: string, count: number): Promise<void> {
  const connection = new pg.Client({ connectionString: ownerUrl });
  await connection.connect();
  try {
    await connection.query(`set session_replication_role = replica`);
    await connection.query(insertOrders, [count]);
    await connection.query(insertHistory);
    await connection.query(insertAttention);
    await connection.query(`vacuum analyze orders.orders, orders.status_history, orders.attention`);
  } finally {
    await connection.end();
  }
}

const insertOrders = `
  insert into orders.orders (order_id, customer_id, items, total, currency, status, reason, correlation_id,
    wait_cause_id, payment_due_at, saga_due_at, created_at, updated_at)
  select id, customer_id, '[{"sku": "mouse", "quantity": 1, "unitPrice": {"amount": 25000, "currency": "KRW"}}]',
    25000, 'KRW',
    case when is_oldest then 'PAYMENT_FAILED' when kind < 12 or customer_id = 'steady' then 'COMPLETED'
      when kind < 16 then 'PAYMENT_FAILED' when kind < 19 then 'OUT_OF_STOCK' else 'INVENTORY_RESERVED' end,
    case when is_oldest then 'SAGA_TIMEOUT' when kind in (12, 13, 14, 15, 16, 17, 18) and customer_id <> 'steady'
      then (array['INSUFFICIENT_BALANCE', 'INSUFFICIENT_BALANCE', 'INSUFFICIENT_BALANCE', 'NO_WALLET',
        'OUT_OF_STOCK', 'OUT_OF_STOCK', 'INVENTORY_TIMEOUT'])[kind - 11] end,
    id, id, at, at, at, at
  from generate_series(1, $1::int) n,
    lateral (select md5('order ' || n)::uuid as id, n % 20 as kind, n > $1 * 0.99 as is_oldest,
      case when n % 11 = 10 then 'steady' when n % 7 = 0 then 'bob' when n % 3 = 0 then 'alice'
        else 'customer-' || n % 50 end as customer_id,
      date_trunc('milliseconds', now()) - n * interval '1 second' as at) placed`;

const insertHistory = `
  insert into orders.status_history (order_id, position, status, at)
  select order_id, 1, 'PENDING_PAYMENT', created_at from orders.orders
  union all select order_id, 2, status, created_at from orders.orders`;

const insertAttention = `
  insert into orders.attention (order_id, code, since, cleared_at)
  select order_id, 'NOTIFICATION_FAILED', created_at,
    case when status <> 'INVENTORY_RESERVED' then created_at end
  from orders.orders where status = 'INVENTORY_RESERVED' or (status = 'COMPLETED' and order_id::text like '0%')`;
