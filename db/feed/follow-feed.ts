import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryId } from '../../schemas/ids.js';
import type { Pool } from '../pool.js';
import { Bell } from './wake-up.js';
import { readFeed, type FeedEntry, type FeedPage } from './entries.js';

export interface FeedFollower {
  readonly after: EntryId;
  /** Hears of each entry once, in the feed's order. Must not throw. */
  readonly onEntries: (entries: readonly FeedEntry[]) => void;
  /** Hears of each failed attempt to reach the database, and of each successful one with undefined. */
  readonly onState: (error: unknown) => void;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Follows the feed until `signal` aborts. Where the connection breaks, another one goes on from where the last one
 * had come to, so that nothing is missed in between.
 */
export async function followFeed(
  pool: Pool,
  { after, onEntries, onState, signal }: FeedFollower,
): Promise<void> {
  let reached = after;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const { entries, through } of newPages(pool, reached, signal)) {
        onState(undefined);
        if (entries.length > 0) onEntries(entries);
        reached = through;
        pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      onState(error);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }
}

const PAGE = 200;
/** Nothing tells of the end of a transaction that holds entries back and writes none: look again, less and less often. */
const HELD_BACK_FIRST_MS = 5;
const HELD_BACK_LONGEST_MS = 250;
/** Looks without being told, to notice a connection that has died in silence. */
const LOOK_MS = 15_000;

/** Pages of what is new, for as long as one connection holds. Throws when it breaks. */
async function* newPages(pool: Pool, after: EntryId, signal: AbortSignal): AsyncGenerator<FeedPage> {
  const bell = new Bell();
  const db = await pool.connect();
  signal.addEventListener('abort', bell.ring);
  // A connection that breaks makes us look at once, and the look then fails.
  db.on('notification', bell.ring).on('error', bell.ring);
  try {
    // Before the first look, so that nothing can fall in between.
    await db.query('listen feed');
    let reached = after;
    let heldBack = HELD_BACK_FIRST_MS;
    while (!signal.aborted) {
      const page = await readFeed(db, { after: reached, limit: PAGE });
      yield page;
      reached = page.through;
      if (page.hasMore) continue;
      await bell.rung(page.isHeldBack ? heldBack : LOOK_MS);
      const isStuck = page.isHeldBack && page.entries.length === 0;
      heldBack = isStuck ? Math.min(2 * heldBack, HELD_BACK_LONGEST_MS) : HELD_BACK_FIRST_MS;
    }
  } finally {
    signal.removeEventListener('abort', bell.ring);
    // Not back into the pool: it listens, or is broken.
    db.release(true);
  }
}
