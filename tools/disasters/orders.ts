import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** How many orders stand where, as the database says; an order counts once. */
export interface Standing {
  /** COMPLETED, PAYMENT_FAILED or OUT_OF_STOCK. */
  readonly final: number;
  /** Their notification has failed: they wait for an operator. */
  readonly parked: readonly string[];
  /** On their way. */
  readonly open: number;
}

export async function standing(databaseUrl: string): Promise<Standing> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const { rows } = await db.query<Standing>(
      `select count(*) filter (where is_final)::int as final,
         coalesce(array_agg(order_id) filter (where is_parked and not is_final), '{}') as parked,
         (count(*) filter (where not is_final and not is_parked))::int as open
       from (select order_id, coalesce(n.status = 'FAILED', false) as is_parked,
               o.status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') as is_final
             from orders.orders o left join notification.notifications n using (order_id)) orders`,
    );
    return rows[0] ?? { final: 0, parked: [], open: 0 };
  } finally {
    await db.end();
  }
}

/** Resolves with how many ms it took until no order is on its way any more; rejects after `limit` ms. */
export async function untilNoneIsOpen(databaseUrl: string, limit: number): Promise<number> {
  const begunAt = Date.now();
  for (;;) {
    const { open } = await standing(databaseUrl);
    if (open === 0) return Date.now() - begunAt;
    if (Date.now() - begunAt > limit) throw new Error(`${open} orders are still on their way`);
    await sleep(500);
  }
}

/**
 * Asks for another try of each parked notification, as an operator does. One whose participant is gone is refused until
 * a sweep has started it again; rejects where that takes two minutes.
 */
export async function retryAll(apiUrl: string, parked: readonly string[]): Promise<void> {
  for (const orderId of parked) await retry(apiUrl, orderId);
}

async function retry(apiUrl: string, orderId: string): Promise<void> {
  for (let triesLeft = 120; ; triesLeft--) {
    const response = await fetch(`${apiUrl}/orders/${orderId}/notification-retries`, {
      method: 'POST',
      headers: { operator: 'disasters' },
    });
    if (response.ok) return;
    if (![409, 429, 503].includes(response.status) || triesLeft === 0)
      throw new Error(`the retry of order ${orderId}: ${response.status} ${await response.text()}`);
    await sleep(1_000);
  }
}
