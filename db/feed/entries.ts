import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { Connection, Pool } from '../../core/postgres/pool.js';
import { BEGINNING, entryIdOf, positionOf, type EntryPosition } from './entry-id.js';
import { HORIZON } from './horizon.js';

/** One thing that happened to an order, as a trigger recorded it. */
export interface FeedEntry {
  readonly id: EntryId;
  readonly orderId: OrderId;
  readonly kind: string;
  readonly data: unknown;
}

/** Entries in feed order. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  /** No further entry can ever appear at or before this position. */
  readonly through: EntryId;
  /** The next page can be read right away. */
  readonly hasMore: boolean;
  /** There is more, but an older transaction is still running and may write an entry that comes before it. */
  readonly isHeldBack: boolean;
}

export interface FeedQuery {
  readonly after: EntryId;
  /** Limits the page to one order. */
  readonly orderId?: OrderId | undefined;
  readonly limit: number;
}

/**
 * The next entries after a position, up to the oldest transaction that may still write one. Reading on from `through`
 * misses nothing and repeats nothing, whatever commits in the meantime and in whatever order.
 */
export async function readFeed(db: Connection | Pool, query: FeedQuery): Promise<FeedPage> {
  const { after, orderId, limit } = query;
  const { writtenBy, seq } = positionOf(after);
  const { rows } = await db.query<FeedRecord>(
    `${HORIZON} select horizon.xid::text as horizon, entry.written_by::text as "writtenBy", entry.seq,
       entry.order_id as "orderId", entry.kind, entry.data, entry.written_by < horizon.xid as "isSettled"
     from horizon
     left join lateral (
       select * from feed.entries
       where (written_by, seq) > ($1::xid8, $2::bigint) ${orderId === undefined ? '' : 'and order_id = $4'}
       order by written_by, seq limit $3
     ) entry on true
     order by entry.written_by, entry.seq`,
    [writtenBy, seq, limit, ...(orderId === undefined ? [] : [orderId])],
  );
  return pageOf(rows, query);
}

/** The newest readable entry, or the newest that is forgotten; BEGINNING if there was none. */
export async function newestEntry(db: Connection | Pool): Promise<EntryId> {
  const { rows } = await db.query<EntryPosition>(
    `${HORIZON}, newest as (
       select written_by, seq from feed.entries where written_by < (select xid from horizon)
       order by written_by desc, seq desc limit 1
     )
     select written_by::text as "writtenBy", seq
     from (select * from newest union all select written_by, seq from retention.feed_mark) known
     order by known.written_by desc, known.seq desc limit 1`,
  );
  return rows[0] ? entryIdOf(rows[0]) : BEGINNING;
}

/**
 * Whether a client that has got as far as `id` can be told all that it has missed: the entry is known, and nothing that
 * comes after it is forgotten. The entries of one order are forgotten together.
 */
export async function canResume(
  db: Connection | Pool,
  id: EntryId,
  orderId: OrderId | undefined,
): Promise<boolean> {
  if (id === BEGINNING && orderId !== undefined) return true;
  const { writtenBy, seq } = positionOf(id);
  const { rowCount } = await db.query(
    `select from retention.feed_mark mark
     where (mark.written_by, mark.seq) = ($1::xid8, $2::bigint)
       or ($3 or (mark.written_by, mark.seq) < ($1::xid8, $2::bigint))
         and exists (select from feed.entries where written_by = $1::xid8 and seq = $2::bigint)`,
    [writtenBy, seq, orderId !== undefined],
  );
  return rowCount === 1;
}

/** Without entries, there is one record with only the horizon. */
type FeedRecord = { readonly horizon: string } & (
  { readonly writtenBy: null } | (EntryPosition & Omit<FeedEntry, 'id'> & { readonly isSettled: boolean })
);

function pageOf(records: readonly FeedRecord[], { after, limit }: FeedQuery): FeedPage {
  const found = records.filter((record) => record.writtenBy !== null);
  const settled = found.filter(({ isSettled }) => isSettled);
  const entries = settled.map(({ orderId, kind, data, ...position }) => ({
    id: entryIdOf(position),
    orderId,
    kind,
    data,
  }));
  const last = entries.at(-1);
  if (last && entries.length === limit)
    return { entries, through: last.id, hasMore: true, isHeldBack: false };
  const horizon = entryIdOf({ writtenBy: records[0]?.horizon ?? '0', seq: 0 });
  return {
    entries,
    // A look may find an older horizon than the one before it; a reader never goes back.
    through: horizon > after ? horizon : after,
    hasMore: false,
    isHeldBack: settled.length < found.length,
  };
}
