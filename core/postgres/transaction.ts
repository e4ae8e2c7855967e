import type { Connection, Pool } from './pool.js';

/**
 * Runs `work` in one transaction and returns its value; any error rolls everything back and is thrown on.
 * A connection whose rollback fails is thrown away, since nobody knows what it still holds; so is one that breaks
 * on the way.
 */
export async function withTransaction<T>(pool: Pool, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => (broken ??= error);
  // Between two statements a connection that breaks has nobody else to tell, and would end the process.
  db.on('error', onError);
  try {
    await db.query('begin');
    const value = await work(db);
    await db.query('commit');
    return value;
  } catch (error) {
    await db.query('rollback').catch((rollbackError: unknown) => (broken ??= rollbackError as Error));
    throw error;
  } finally {
    // A broken one may complain again after this.
    if (!broken) db.off('error', onError);
    db.release(broken);
  }
}
