import type { Connection, Pool } from './pool.js';

const ROUNDS = 5;

/**
 * Whether two open connections share a session of the server, as they do behind a pooler in transaction mode: nothing
 * that belongs to a session can then be relied on, such as `listen` or an advisory lock. A busy pooler may hide it.
 */
export async function shareSessions(one: Connection, other: Connection): Promise<boolean> {
  const ofOne = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    ofOne.add(await serverProcess(one));
    if (ofOne.has(await serverProcess(other))) return true;
  }
  return false;
}

/** Whether the connections of a pool share sessions. */
export async function leadsToSharedSessions(pool: Pool): Promise<boolean> {
  const one = await pool.connect();
  try {
    const other = await pool.connect();
    try {
      return await shareSessions(one, other);
    } finally {
      other.release();
    }
  } finally {
    one.release();
  }
}

async function serverProcess(db: Connection): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}
