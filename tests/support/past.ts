import type { Pool } from '../../core/postgres/pool.js';
import { Forgetting, type Forgotten } from '../../db/retention/forgetting.js';
import type { TestDatabase } from './database.js';

/** Makes everything that happened to orders so far happen so many days earlier, by the database's own times. */
export async function ageOrders(owner: Pool, days: number): Promise<void> {
  const shift = `- interval '${days} days'`;
  await owner.query(`
    begin;
    set local session_replication_role = replica;
    update orders.orders set created_at = created_at ${shift}, updated_at = updated_at ${shift};
    update journal.events set occurred_at = occurred_at ${shift}, recorded_at = recorded_at ${shift}, delivered_at = delivered_at ${shift};
    update journal.quarantine set first_seen_at = first_seen_at ${shift}, last_seen_at = last_seen_at ${shift};
    commit;`);
}

/** One pass over all orders, whatever their age; those that are not at rest, or need somebody, stay. */
export async function forgetEverything({ pools }: Pick<TestDatabase, 'pools'>): Promise<Forgotten> {
  const forgetting = new Forgetting(pools.operator, { retainMs: -86_400_000 });
  while (await forgetting.step());
  return forgetting.sum;
}
