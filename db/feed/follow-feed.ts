import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryId } from '../../schemas/ids.js';
import type { Pool } from '../../core/postgres/pool.js';
import { readFeed, type FeedEntry, type FeedPage } from './entries.js';
import { Delay, isStuck } from './delay.js';
import { WakeUp } from './wake-up.js';

export interface FeedFollower {
  readonly after: EntryId;
  /** Gets each entry once, in feed order. Must not throw. */
  readonly onEntries: (entries: readonly FeedEntry[]) => void;
  /** Gets the error of each failed attempt to reach the database, and undefined for each success. */
  readonly onState: (error: unknown) => void;
  /** Since when entries wait for a transaction that does not end, after some seconds of it; undefined once they came. */
  readonly onBehind: (since: Date | undefined) => void;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Follows the feed until `signal` aborts. If the connection breaks, the next one resumes where it stopped, so nothing is
 * missed.
 */
export async function followFeed(
  pool: Pool,
  { after, onEntries, onState, onBehind, signal }: FeedFollower,
): Promise<void> {
  const delay = new Delay(onBehind);
  let reached = after;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const page of newPages(pool, reached, signal)) {
        onState(undefined);
        if (page.entries.length > 0) onEntries(page.entries);
        delay.note(page);
        reached = page.through;
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
/** A transaction that holds entries back may end without a notification: look again, less and less often. */
const HELD_BACK_FIRST_MS = 5;
const HELD_BACK_LONGEST_MS = 250;
/** Looks without a notification, to detect a connection that died silently. */
const LOOK_MS = 15_000;

/** New pages, for as long as one connection holds. Throws when it breaks. */
async function* newPages(pool: Pool, after: EntryId, signal: AbortSignal): AsyncGenerator<FeedPage> {
  const wakeUp = new WakeUp();
  const db = await pool.connect();
  signal.addEventListener('abort', wakeUp.signal);
  // An error wakes us too: the next read then fails and ends this generator.
  db.on('notification', wakeUp.signal).on('error', wakeUp.signal);
  try {
    // Before the first read, so that no notification is missed.
    await db.query('listen feed');
    let reached = after;
    let heldBack = HELD_BACK_FIRST_MS;
    while (!signal.aborted) {
      const page = await readFeed(db, { after: reached, limit: PAGE });
      yield page;
      reached = page.through;
      if (page.hasMore) continue;
      await wakeUp.sleep(page.isHeldBack ? heldBack : LOOK_MS);
      heldBack = isStuck(page) ? Math.min(2 * heldBack, HELD_BACK_LONGEST_MS) : HELD_BACK_FIRST_MS;
    }
  } finally {
    signal.removeEventListener('abort', wakeUp.signal);
    // Not back to the pool: the connection still listens, or is broken.
    db.release(true);
  }
}
