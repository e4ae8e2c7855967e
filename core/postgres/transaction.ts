import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, isReadOnly } from './sql-state.js';
import type { Connection, Pool } from './pool.js';

/** The answer to the commit was lost: nobody knows whether the transaction took effect. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/**
 * Runs `work` in one transaction and returns its value; any error rolls everything back and is thrown on, except that
 * a commit without an answer throws `OutcomeUnknown`. After a conflict with another transaction, or where a statement was
 * refused for its name, nothing of it is left and all of it is tried again: `work` may run up to three times, so it does nothing outside the transaction.
 */
export async function withTransaction<T>(pool: Pool, work: (db: Connection) => Promise<T>): Promise<T> {
  for (let triesLeft = 2; ; triesLeft--) {
    try {
      return await tryOnce(pool, work);
    } catch (error) {
      if (triesLeft === 0 || !(isConflict(error) || pool.givesUpNames(error))) throw error;
      // At random, so that the two of a conflict do not meet again.
      await sleep(Math.random() * 50);
    }
  }
}

/**
 * A connection whose rollback fails is thrown away, since nobody knows what it still holds; so is one that breaks on the
 * way, and one to a server that has become read-only: the next one may lead to its successor.
 */
async function tryOnce<T>(pool: Pool, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken ??= error);
  // Between two statements a connection that breaks has nobody else to tell, and would end the process.
  db.on('error', onError);
  try {
    await db.query(pool.begin);
    const value = await work(db);
    await commit(db);
    return value;
  } catch (error) {
    if (error instanceof OutcomeUnknown) broken ??= error;
    else await db.query('rollback').catch((rollbackError: unknown) => (broken ??= rollbackError as Error));
    if (isReadOnly(error)) broken ??= error;
    throw error;
  } finally {
    // A broken one may complain again after this.
    if (!broken) db.off('error', onError);
    db.release(broken);
  }
}

async function commit(db: Connection): Promise<void> {
  try {
    await db.query('commit');
  } catch (error) {
    if (isRefusal(error)) throw error;
    throw new OutcomeUnknown('the answer to the commit was lost', { cause: error });
  }
}

/**
 * Whether the server has said that it did not commit. Classes 08 (connection) and 57 (shutdown, cancellation) may
 * follow a commit that took effect, and the driver's own errors carry no SQLSTATE.
 */
function isRefusal(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^(?!08|57)[0-9A-Z]{5}$/.test(code);
}
