import type { Connection } from '../../core/postgres/pool.js';

/**
 * Rebases a feed that was restored into another cluster. Its transaction numbers may be ahead of that cluster's, and
 * new entries would wait until the cluster catches up. So all restored entries move to number 1, before anything
 * written from now on, in the sequence of their own numbers. Ids that clients still hold become unknown, so they reload.
 * The mark of what was forgotten moves along.
 */
export async function rebaseRestoredFeed(owner: Connection): Promise<void> {
  for (const table of ['feed.entries', 'retention.feed_mark'])
    await owner.query(
      `update ${table} set written_by = '1'
       where exists (select from ${table} where written_by >= pg_snapshot_xmax(pg_current_snapshot()))`,
    );
}
