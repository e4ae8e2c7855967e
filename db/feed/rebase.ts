import type { Connection } from '../../core/postgres/pool.js';

/**
 * Rebases a feed that was restored into another cluster. Its transaction numbers may be ahead of that cluster's, and
 * new entries would wait until the cluster catches up. So all restored entries move to number 1, before anything
 * written from now on, in the sequence of their own numbers. Ids that clients still hold become unknown, so they reload.
 */
export async function rebaseRestoredFeed(owner: Connection): Promise<void> {
  await owner.query(
    `update feed.entries set written_by = '1'
     where exists (select from feed.entries where written_by >= pg_snapshot_xmax(pg_current_snapshot()))`,
  );
}
