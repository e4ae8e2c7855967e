import type { EpochMillis, EventId, SagaId } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Queued } from './services.js';

/** An event that a service has yet to take in. */
export interface Delivery {
  readonly deliveryId: number;
  readonly orderId: SagaId;
  readonly eventId: EventId;
  /** This one included. */
  readonly attempts: number;
  readonly now: EpochMillis;
}

/** Longer than an effect takes: whoever dies with a delivery leaves it to the others. */
const LEASE = '60 s';

/** Takes some that are due, and that nobody else has. */
export async function claimDeliveries(
  pool: Pool,
  service: Queued,
  limit: number,
): Promise<readonly Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `with due as (
       select delivery_id from outbox.deliveries where service = $1 and due_at <= now()
       order by due_at limit $2 for update skip locked)
     update outbox.deliveries delivery set due_at = now() + interval '${LEASE}', attempts = attempts + 1
     from due where delivery.delivery_id = due.delivery_id
     returning delivery.delivery_id as "deliveryId", order_id as "orderId", event_id as "eventId", attempts,
       floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
    [service, limit],
  );
  return rows;
}

export async function removeDelivery(pool: Pool, { deliveryId }: Delivery): Promise<void> {
  await pool.query(`delete from outbox.deliveries where delivery_id = $1`, [deliveryId]);
}

export async function postponeDelivery(pool: Pool, { deliveryId }: Delivery, ms: number): Promise<void> {
  await pool.query(
    `update outbox.deliveries set due_at = now() + $2 * interval '1 ms' where delivery_id = $1`,
    [deliveryId, ms],
  );
}
