import { ReadOnlyDatabase } from './sql-state.js';
import type { Pool } from './pool.js';
import { withTransaction } from './transaction.js';

/** Throws where the database cannot be reached, takes no writes, or ignores the limits of time of a transaction. */
export const checkDatabase = (pool: Pool): Promise<void> =>
  withTransaction(pool, async (db) => {
    const { rows } = await db.query<{ isReadOnly: boolean; hasNoLimit: boolean }>(
      `select current_setting('transaction_read_only')::boolean as "isReadOnly",
         current_setting('statement_timeout') = '0' as "hasNoLimit"`,
    );
    if (rows[0]?.isReadOnly) throw new ReadOnlyDatabase();
    if (rows[0]?.hasNoLimit) throw new Error('what is between us and the database ignores `set local`');
  });
