import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '../../core/postgres/pool.js';

/** Until some transaction of this database waits for a lock; rejects while a statement may still wait for it. */
export async function lockIsWaitedFor(owner: Pool): Promise<void> {
  const deadline = performance.now() + 1_500;
  while (performance.now() < deadline) {
    const { rowCount } = await owner.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount) return;
    await sleep(10);
  }
  throw new Error('nobody waits for a lock');
}
