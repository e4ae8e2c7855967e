import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { CustomerId, OrderId } from '../../schemas/ids.js';
import { millis } from '../epoch-millis.js';

/** A part of a customer's orders. */
export interface OrdersPage {
  readonly orders: readonly OrderId[];
  /** They are not final yet, or somebody has still to do something for them. */
  readonly notAtRest: readonly OrderId[];
}

const BATCH = 100;

/** The customer's orders page by page, oldest first; all are left as they are. `pool` logs in as the operators' role. */
export const lookAtOrders = (pool: Pool, customerId: CustomerId) => pagesOf(pool, customerId, true);

/**
 * Forgets everything about the customer's orders but the orders themselves, page by page; a page of which not all orders
 * are at rest stays.
 */
export const forgetOrdersOf = (pool: Pool, customerId: CustomerId) => pagesOf(pool, customerId, false);

async function* pagesOf(
  pool: Pool,
  customerId: CustomerId,
  isLookingOnly: boolean,
): AsyncGenerator<OrdersPage> {
  let [time, id] = ['-infinity', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await pool.query<OrdersPage & { readonly time: string | null; readonly id: string }>(
      `select orders, not_at_rest as "notAtRest", reached_time::text as time, reached_id as id
       from retention.erase_orders($1, $2::timestamptz, $3::uuid, $4, $5)`,
      [customerId, time, id, BATCH, isLookingOnly],
    );
    const [page] = rows;
    if (!page || page.time === null) return;
    yield page;
    ({ time, id } = { time: page.time, id: page.id });
  }
}

/** What is on record of an erasure. */
export interface ErasureView {
  readonly at: EpochMillis;
  /** Self-declared. */
  readonly operator: string;
  /** How many orders the customer had. */
  readonly orders: number;
}

/** Erases the customer's name, address and what is in quarantine about them, and puts it on record. */
export async function eraseCustomer(
  pool: Pool,
  customerId: CustomerId,
  operator: string,
): Promise<ErasureView> {
  const { rows } = await pool.query<ErasureView>(
    `select ${millis('erased_at')} as at, $2::text as operator, had_orders as orders from retention.erase_customer($1, $2)`,
    [customerId, operator],
  );
  const [row] = rows;
  if (!row) throw new Error('an erasure leaves a record');
  return row;
}

/** Newest first. */
export async function listErasures(pool: Pool, customerId: CustomerId): Promise<readonly ErasureView[]> {
  const { rows } = await pool.query<ErasureView>(
    `select ${millis('at')} as at, operator, orders from retention.erasures
     where customer_id = $1 order by erasure_id desc limit 100`,
    [customerId],
  );
  return rows;
}
