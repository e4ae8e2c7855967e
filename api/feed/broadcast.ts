import { followFeed } from '../../db/feed/follow-feed.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { EntryId } from '../../schemas/ids.js';
import type { EventStream } from './event-stream.js';
import { toMessage, type Message } from './message.js';

/** While somebody watches. */
interface Watch {
  readonly stop: AbortController;
  /** What was handed out last, oldest first: everything after `keptAfter`. */
  readonly recent: Message[];
  keptAfter: EntryId;
}

/** Enough for a stream that has just read up to now and finds that a few more have been handed out meanwhile. */
const KEPT = 1_000;

/**
 * Reads what is new once, and hands it to every stream that has joined.
 *
 * - Nobody watches: no connection is open. The first stream to join says from where on.
 * - Watching: one connection listens. What is new goes to every joined stream, and is kept for a while. A stream that
 *   joins gets what was kept and what it has not had, and is among the others in the same turn of the event loop: so
 *   nothing comes in between, and nothing comes twice. One whose last entry is older than what is kept cannot join; it
 *   has to read on by itself first.
 * - Watching without a database: the streams stay open and wait. Another connection goes on where the last one was.
 * - The last stream leaves: nobody watches.
 */
export class Broadcast {
  readonly #pool: Pool;
  readonly #onState: (error: unknown) => void;
  readonly #streams = new Set<EventStream>();
  #watch: Watch | undefined;

  /** `onState` hears of every failed attempt to reach the database, and of every successful one with undefined. */
  constructor(pool: Pool, onState: (error: unknown) => void) {
    this.#pool = pool;
    this.#onState = onState;
  }

  /** False where the stream has to read on first. It leaves by closing. */
  join(stream: EventStream): boolean {
    if (stream.closed.aborted) return true;
    const watch = (this.#watch ??= this.#begin(stream.reached));
    if (stream.reached < watch.keptAfter) return false;
    stream.send(watch.recent);
    this.#streams.add(stream);
    stream.closed.addEventListener('abort', () => this.#leave(stream));
    return true;
  }

  #leave(stream: EventStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#watch?.stop.abort();
    this.#watch = undefined;
  }

  #begin(after: EntryId): Watch {
    const watch: Watch = { stop: new AbortController(), recent: [], keptAfter: after };
    void followFeed(this.#pool, {
      after,
      onEntries: (entries) => this.#handOut(watch, entries.map(toMessage)),
      onState: this.#onState,
      signal: watch.stop.signal,
    });
    return watch;
  }

  /** A watch that was stopped may still have a page in hand; its streams have gone. */
  #handOut(watch: Watch, messages: readonly Message[]): void {
    if (watch.stop.signal.aborted) return;
    watch.recent.push(...messages);
    const surplus = watch.recent.splice(0, Math.max(0, watch.recent.length - KEPT));
    watch.keptAfter = surplus.at(-1)?.id ?? watch.keptAfter;
    for (const stream of this.#streams) stream.send(messages);
  }
}
