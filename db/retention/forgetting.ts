import type { Pool } from '../../core/postgres/pool.js';
import { withTransaction } from '../../core/postgres/transaction.js';

export interface ForgettingOptions {
  /** How long an order has to have been at rest, in ms. */
  readonly retainMs: number;
  /** Counts what would be forgotten, and forgets nothing. */
  readonly isDryRun?: boolean;
  /** How many orders are looked at in one transaction. */
  readonly batch?: number;
}

/** What a run has come to so far. */
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

const BEGINNING = '-infinity';
const NOTHING: Forgotten = { orders: 0, entries: 0, kept: 0, strays: 0 };

/**
 * Forgets the orders that have been at rest for long, a batch a step, oldest first (docs/decisions/0034). What is at rest
 * is decided by the database, in the transaction that forgets it, so a step may be interrupted, repeated, and run by
 * several at once.
 */
export class Forgetting {
  readonly #pool: Pool;
  readonly #options: Required<ForgettingOptions>;
  #sum = NOTHING;
  #isOver = true;
  /** Up to where this pass has got. As text: a JavaScript date would cut off the microseconds. */
  #reached = BEGINNING;
  #hasForgotten = false;

  /** `pool` logs in as the operators' role. */
  constructor(pool: Pool, { retainMs, isDryRun = false, batch = BATCH }: ForgettingOptions) {
    this.#pool = pool;
    this.#options = { retainMs, isDryRun, batch };
  }

  /** What this run has come to, or the last one where none has begun. */
  get sum(): Forgotten {
    return this.#sum;
  }

  /** One batch. False where the run is over; the next step begins another one. */
  async step(): Promise<boolean> {
    if (this.#isOver) this.#sum = NOTHING;
    const { reached, orders, entries, kept } = await this.#forgetOrders();
    this.#isOver = reached === null && !this.#hasForgotten;
    if (reached === null) {
      this.#reached = BEGINNING;
      if (this.#isOver) await this.#forgetStrays();
      // Events that were delivered at the same moment may have been passed over, so there is another pass.
      else this.#sum = { ...this.#sum, kept: 0 };
      this.#hasForgotten = false;
      return !this.#isOver;
    }
    this.#reached = reached;
    this.#hasForgotten ||= orders > 0 && !this.#options.isDryRun;
    this.#add({ orders, entries, kept });
    return true;
  }

  #add({ orders, entries, kept }: Omit<Forgotten, 'strays'>): void {
    const sum = this.#sum;
    this.#sum = {
      ...sum,
      orders: sum.orders + orders,
      entries: sum.entries + entries,
      kept: sum.kept + kept,
    };
  }

  async #forgetOrders(): Promise<Batch> {
    const { retainMs, batch, isDryRun } = this.#options;
    const { rows } = await withTransaction(this.#pool, (db) =>
      db.query<Batch>(
        `select reached::text, kept, orders, entries
         from retention.forget_orders(now() - $1::float8 * interval '1 ms', $2::timestamptz, $3, $4)`,
        [retainMs, this.#reached, batch, isDryRun],
      ),
    );
    return rows[0] ?? { reached: null, kept: 0, orders: 0, entries: 0 };
  }

  /** Those that are left over are for the next run. */
  async #forgetStrays(): Promise<void> {
    const { retainMs, batch, isDryRun } = this.#options;
    const { rows } = await withTransaction(this.#pool, (db) =>
      db.query<{ strays: number }>(
        `select retention.forget_strays(now() - $1::float8 * interval '1 ms', $2, $3) as strays`,
        [retainMs, batch, isDryRun],
      ),
    );
    this.#sum = { ...this.#sum, strays: rows[0]?.strays ?? 0 };
  }
}

interface Batch {
  readonly reached: string | null;
  readonly kept: number;
  readonly orders: number;
  readonly entries: number;
}
