import type { Connection } from '../pool.js';

/**
 * A dump that is restored into another cluster brings transaction numbers along which that cluster may not have reached,
 * and everything written since would have to wait until it has. The whole feed is then put before whatever is written
 * from now on, in the order of its own numbers; ids that clients still have become unknown, and they load anew.
 */
export async function renumberRestoredFeed(owner: Connection): Promise<void> {
  await owner.query(
    `update feed.entries set written_by = '1'
     where exists (select from feed.entries where written_by >= pg_snapshot_xmax(pg_current_snapshot()))`,
  );
}
