import type { Connection, Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';
import type { OrderId } from '../../schemas/ids.js';

/** A step that may be called again, and is done once. */
export interface Keyed {
  readonly orderId: OrderId;
  readonly step: string;
}

/**
 * Does the work in one transaction and remembers its outcome in the same one; a repeat returns that outcome. Of two at
 * once, one fails on the key and is tried again by whoever called it.
 */
export const once = <Outcome extends string>(
  pool: Pool,
  inbox: string,
  { orderId, step }: Keyed,
  work: (db: Connection) => Promise<Outcome>,
): Promise<Outcome> =>
  withTransaction(pool, async (db) => {
    const key = `${orderId}:${step}`;
    const { rows } = await db.query<{ outcome: Outcome }>(`select outcome from ${inbox} where key = $1`, [
      key,
    ]);
    if (rows[0]) return rows[0].outcome;
    const outcome = await work(db);
    await db.query(`insert into ${inbox} (key, order_id, run_id, outcome) values ($1, $2, $3, $4)`, [
      key,
      orderId,
      step,
      outcome,
    ]);
    return outcome;
  });
