import type { EpochMillis, SagaId } from '../../core/event.js';
import type { Timeout } from '../../core/activity/effect.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Queued } from './services.js';

/** A wait that is over; the product's rows say when. */
export interface DueWait {
  readonly orderId: SagaId;
  readonly timeout: Timeout<'payment' | 'saga' | 'reservation'>;
  readonly now: EpochMillis;
}

/** Where a service's waits are; the others wait for nothing that ends by itself. */
const tables: Readonly<Partial<Record<Queued, { readonly table: string; readonly wait: string }>>> = {
  order: {
    table: 'orders.orders',
    wait: `case status when 'PENDING_PAYMENT' then 'payment' else 'saga' end`,
  },
  payment: { table: 'payment.payments', wait: `'reservation'` },
};

export async function findDueWaits(pool: Pool, service: Queued): Promise<readonly DueWait[]> {
  const where = tables[service];
  if (!where) return [];
  const { rows } = await pool.query<DueWait>(
    `select order_id as "orderId",
       json_build_object('type', 'TIMEOUT', 'wait', ${where.wait}, 'causeId', wait_cause_id) as timeout,
       floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now
     from ${where.table} where due_at <= now() order by due_at limit 10`,
  );
  return rows;
}
