import type { Pool } from '../../core/postgres/pool.js';

export interface ForgettingOptions {
  /** How long an order has to have been at rest, in ms. */
  readonly retainMs: number;
  /** Counts what would be forgotten, and forgets nothing. */
  readonly isDryRun?: boolean;
  /** How many orders are looked at in one transaction. */
  readonly batch?: number;
}

/** What one pass over all orders has come to so far. */
export interface Forgotten {
  readonly orders: number;
  /** Rows of all tables; 0 in a dry run. */
  readonly entries: number;
  /** Orders that are old enough, and need somebody or are not at rest. */
  readonly kept: number;
  /** Old entries of the quarantine that belong to no order, or to one that is forgotten. */
  readonly strays: number;
}

/** Small, since the live feed waits for the transaction, and so does an effect of one of the orders. */
const BATCH = 100;

const NOTHING: Forgotten = { orders: 0, entries: 0, kept: 0, strays: 0 };

/**
 * Forgets the orders that have been at rest for long, a batch a step, oldest first (docs/decisions/0034). What is at rest
 * is decided by the database, in the transaction that forgets it, so a step may be interrupted, repeated, and run by
 * several at once.
 */
export class Forgetting {
  readonly #pool: Pool;
  readonly #options: Required<ForgettingOptions>;
  /** Up to where this pass has got. As text: a JavaScript date would cut off the microseconds. */
  #reached = '-infinity';
  #sum = NOTHING;

  /** `pool` logs in as the operators' role. */
  constructor(pool: Pool, { retainMs, isDryRun = false, batch = BATCH }: ForgettingOptions) {
    this.#pool = pool;
    this.#options = { retainMs, isDryRun, batch };
  }

  /** What this pass has come to, or the last one where none has begun. */
  get sum(): Forgotten {
    return this.#sum;
  }

  /** One batch. False where the pass is over; the next step begins another one. */
  async step(): Promise<boolean> {
    if (this.#reached === '-infinity') this.#sum = NOTHING;
    const batch = await this.#forgetOrders();
    if (batch.reached === null) {
      this.#reached = '-infinity';
      return this.#forgetStrays();
    }
    this.#reached = batch.reached;
    const { orders, entries, kept } = this.#sum;
    this.#sum = {
      ...this.#sum,
      orders: orders + batch.orders,
      entries: entries + batch.entries,
      kept: kept + batch.kept,
    };
    return true;
  }

  async #forgetOrders(): Promise<Batch> {
    const { retainMs, batch, isDryRun } = this.#options;
    const { rows } = await this.#pool.query<Batch>(
      `select reached::text, kept, orders, entries
       from retention.forget_orders(now() - $1::float8 * interval '1 ms', $2::timestamptz, $3, $4)`,
      [retainMs, this.#reached, batch, isDryRun],
    );
    return rows[0] ?? { reached: null, kept: 0, orders: 0, entries: 0 };
  }

  /** Those that are left over are for the next pass. */
  async #forgetStrays(): Promise<false> {
    const { retainMs, batch, isDryRun } = this.#options;
    const { rows } = await this.#pool.query<{ strays: number }>(
      `select retention.forget_strays(now() - $1::float8 * interval '1 ms', $2, $3) as strays`,
      [retainMs, batch, isDryRun],
    );
    this.#sum = { ...this.#sum, strays: rows[0]?.strays ?? 0 };
    return false;
  }
}

interface Batch {
  readonly reached: string | null;
  readonly kept: number;
  readonly orders: number;
  readonly entries: number;
}
