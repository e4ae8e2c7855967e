import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Where an order stands, as the database says. */
export interface Standing {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | null;
  /** COMPLETED, PAYMENT_FAILED or OUT_OF_STOCK. */
  readonly isFinal: boolean;
  /** Its notification has failed: it waits for an operator. */
  readonly isParked: boolean;
}

/** Rejects where the database cannot be asked within two seconds. */
export async function standings(databaseUrl: string): Promise<readonly Standing[]> {
  const db = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  db.on('error', () => undefined);
  try {
    await db.connect();
    const { rows } = await db.query<Standing>(
      `select order_id as "orderId", o.status, o.reason, coalesce(n.status = 'FAILED', false) as "isParked",
         o.status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') as "isFinal"
       from orders.orders o left join notification.notifications n using (order_id)`,
    );
    return rows;
  } finally {
    await db.end();
  }
}

export const isOpen = ({ isFinal, isParked }: Standing): boolean => !isFinal && !isParked;

/** Those that wait for an operator. */
export const parked = (all: readonly Standing[]): readonly string[] =>
  all.filter(({ isFinal, isParked }) => isParked && !isFinal).map(({ orderId }) => orderId);

/** Resolves with how many ms it took until no order is on its way any more; rejects after `limit` ms. */
export async function untilNoneIsOpen(
  databaseUrl: string,
  limit: number,
  signal?: AbortSignal,
): Promise<number> {
  const begunAt = Date.now();
  for (;;) {
    const open = (await standings(databaseUrl)).filter(isOpen);
    if (open.length === 0) return Date.now() - begunAt;
    if (Date.now() - begunAt > limit)
      throw new Error(`${open.length} orders are still on their way, such as ${open[0]?.orderId}`);
    await sleep(500, undefined, { signal });
  }
}

/**
 * Asks for another try of each parked notification, as an operator does. One whose participant is gone is refused until
 * a sweep has started it again; rejects where that takes two minutes.
 */
export async function retryAll(apiUrl: string, orderIds: readonly string[]): Promise<void> {
  for (const orderId of orderIds) await retry(apiUrl, orderId);
}

async function retry(apiUrl: string, orderId: string): Promise<void> {
  for (let triesLeft = 120; ; triesLeft--) {
    const response = await fetch(`${apiUrl}/orders/${orderId}/notification-retries`, {
      method: 'POST',
      headers: { operator: 'chaos' },
    });
    if (response.ok) return;
    if (![409, 429, 503].includes(response.status) || triesLeft === 0)
      throw new Error(`the retry of order ${orderId}: ${response.status} ${await response.text()}`);
    await sleep(1_000);
  }
}
