import { followFeed, type FeedFollower } from '../../db/feed/follow-feed.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { EntryId } from '../../schemas/ids.js';
import type { EventStream } from './event-stream.js';
import { messageText, toMessage, type Message } from './message.js';

/** Exists while at least one stream has joined. */
interface Watch {
  readonly stop: AbortController;
  /** The latest messages, oldest first: everything after `recentAfter`. */
  readonly recent: Message[];
  recentAfter: EntryId;
  /** Since when the feed waits for a transaction that does not end; undefined where it does not. */
  behindSince: Date | undefined;
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
  readonly #onBehind: (since: Date | undefined) => void;
  readonly #streams = new Set<EventStream>();
  #watch: Watch | undefined;

  /** `onState` and `onBehind` hear what `followFeed` tells. */
  constructor(pool: Pool, { onState, onBehind }: Pick<FeedFollower, 'onState' | 'onBehind'>) {
    this.#pool = pool;
    this.#onState = onState;
    this.#onBehind = onBehind;
  }

  /** False if the stream has to catch up first. It leaves by closing. */
  join(stream: EventStream): boolean {
    if (stream.closed.aborted) return true;
    const watch = (this.#watch ??= this.#startWatch(stream.reached));
    if (stream.reached < watch.recentAfter) return false;
    stream.send(watch.recent);
    if (watch.behindSince) stream.write(behindText(watch.behindSince));
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
    const stop = new AbortController();
    const watch: Watch = { stop, recent: [], recentAfter: after, behindSince: undefined };
    void followFeed(this.#pool, {
      after,
      onEntries: (entries) => this.#send(watch, entries.map(toMessage)),
      onState: this.#onState,
      onBehind: (since) => this.#tellBehind(watch, since),
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

  #tellBehind(watch: Watch, since: Date | undefined): void {
    if (watch.stop.signal.aborted) return;
    this.#onBehind(since);
    watch.behindSince = since;
    for (const stream of this.#streams) stream.write(behindText(since));
  }
}

/** Without an id: it is not an entry, and nobody resumes after it. */
const behindText = (since: Date | undefined): string =>
  messageText('behind', { since: since?.toISOString() ?? null });
