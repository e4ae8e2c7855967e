import type { Connection, Pool } from './pool.js';

/**
 * Runs `work` in one transaction and returns its value; any error rolls everything back and is thrown on.
 * A connection whose rollback fails is thrown away, since nobody knows what it still holds.
 */
export async function withTransaction<T>(pool: Pool, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await pool.connect();
  let broken: Error | undefined;
  try {
    await db.query('begin');
    const value = await work(db);
    await db.query('commit');
    return value;
  } catch (error) {
    await db.query('rollback').catch((rollbackError: unknown) => (broken = rollbackError as Error));
    throw error;
  } finally {
    db.release(broken);
  }
}
