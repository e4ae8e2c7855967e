import { followFeed } from '../../db/feed/follow-feed.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { EntryId } from '../../schemas/ids.js';
import type { EventStream } from './event-stream.js';
import { toMessage, type Message } from './message.js';

/** Exists while at least one stream has joined. */
interface Watch {
  readonly stop: AbortController;
  /** The latest messages, oldest first: everything after `recentAfter`. */
  readonly recent: Message[];
  recentAfter: EntryId;
}

/** Covers what is broadcast between a stream's last read and its joining. */
const RECENT = 1_000;

/**
 * Reads new entries once, and sends them to every stream that has joined.
 *
 * - Idle: no stream has joined and no connection is open. The first stream to join sets the starting point.
 * - Watching: one connection listens. Every new message goes to all joined streams and stays in `recent` for a while. A
 *   joining stream gets the recent messages it lacks and becomes one of the others in the same turn of the event loop,
 *   so it misses nothing and gets nothing twice. A stream that is further behind than `recent` cannot join: it has to
 *   catch up by itself first.
 * - Watching while the database is down: the streams stay open and wait. The next connection resumes where the last one
 *   stopped.
 * - The last stream leaves: idle again.
 */
export class Broadcast {
  readonly #pool: Pool;
  readonly #onState: (error: unknown) => void;
  readonly #streams = new Set<EventStream>();
  #watch: Watch | undefined;

  /** `onState` gets the error of each failed attempt to reach the database, and undefined for each success. */
  constructor(pool: Pool, onState: (error: unknown) => void) {
    this.#pool = pool;
    this.#onState = onState;
  }

  /** False if the stream has to catch up first. It leaves by closing. */
  join(stream: EventStream): boolean {
    if (stream.closed.aborted) return true;
    const watch = (this.#watch ??= this.#startWatch(stream.reached));
    if (stream.reached < watch.recentAfter) return false;
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

  #startWatch(after: EntryId): Watch {
    const watch: Watch = { stop: new AbortController(), recent: [], recentAfter: after };
    void followFeed(this.#pool, {
      after,
      onEntries: (entries) => this.#send(watch, entries.map(toMessage)),
      onState: this.#onState,
      signal: watch.stop.signal,
    });
    return watch;
  }

  /** A stopped watch may still deliver a page; its streams are gone by then. */
  #send(watch: Watch, messages: readonly Message[]): void {
    if (watch.stop.signal.aborted) return;
    watch.recent.push(...messages);
    const surplus = watch.recent.splice(0, Math.max(0, watch.recent.length - RECENT));
    watch.recentAfter = surplus.at(-1)?.id ?? watch.recentAfter;
    for (const stream of this.#streams) stream.send(messages);
  }
}
