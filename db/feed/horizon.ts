/**
 * A common table expression `horizon (xid)`: the oldest transaction that may still write an entry, or else the first one
 * that has not begun. Below it nothing can appear any more.
 *
 * What writes an entry has written to a table of ours first, so it holds a lock on that table from before it got its
 * number until it ends. Whoever has a number and no such lock cannot hold the feed back: a transaction in another
 * database, or one that only took a number. A transaction that runs in the snapshot and has ended when the locks are
 * read may have written what the snapshot does not show, so it counts, too; the next look does not find it.
 *
 * One that is just ending may have lost its lock on the table and not yet that on its number: it has ended by then, which
 * `pg_xact_status` says, so it counts like one that has ended altogether.
 *
 * `pg_locks` is read after the snapshot was taken, and the weaker locks of a table before the numbers, so a writer is
 * never seen with its number and without its lock.
 */
export const HORIZON = `
  with locks as materialized (
    select virtualtransaction as holder, transactionid from pg_locks
    where granted and (locktype = 'transactionid' and mode = 'ExclusiveLock' or locktype = 'relation'
      and database = (select oid from pg_database where datname = current_database())
      and relation >= 16384 and mode <> 'AccessShareLock')
  ), harmless as (
    select numbered.transactionid from locks numbered
    where numbered.transactionid is not null and not exists (
      select from locks writing where writing.holder = numbered.holder and writing.transactionid is null)
  ), horizon as (
    select coalesce(
      (select xid from pg_snapshot_xip(pg_current_snapshot()) running (xid)
       where xid::xid not in (select transactionid from harmless) or pg_xact_status(xid) <> 'in progress'
       order by xid limit 1),
      pg_snapshot_xmax(pg_current_snapshot())) as xid
  )`;
