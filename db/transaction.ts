import type { Connection, Pool } from './pool.js';

/**
 * Runs `work` in one transaction and returns its value; any error rolls everything back and is thrown on.
 * A connection that breaks meanwhile, or whose rollback fails, is thrown away, since nobody knows what it still
 * holds. The pool listens to idle connections only: one that breaks between two statements of a transaction would,
 * with nobody listening, end the process.
 */
export async function withTransaction<T>(pool: Pool, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await pool.connect();
  let broken: Error | undefined;
  const onBroken = (error: Error) => (broken = error);
  db.on('error', onBroken);
  try {
    await db.query('begin');
    const value = await work(db);
    await db.query('commit');
    return value;
  } catch (error) {
    await db.query('rollback').catch(onBroken);
    throw error;
  } finally {
    db.off('error', onBroken);
    db.release(broken);
  }
}
