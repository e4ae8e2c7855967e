import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { isKnownEntry, newestEntry, readFeed } from '../../db/feed/entries.js';
import { BEGINNING, isEntryId } from '../../db/feed/entry-id.js';
import type { Pool } from '../../core/postgres/pool.js';
import { changesOfState } from '../../platform/changes-of-state.js';
import type { Logger } from '../../platform/logger.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { Streaming } from '../http/operation.js';
import { Problem } from '../http/problem.js';
import { isUnavailable } from '../http/unavailable.js';
import { Broadcast } from './broadcast.js';
import { EventStream } from './event-stream.js';
import { messageText, toMessage } from './message.js';

export interface FeedSettings {
  readonly heartbeatMs: number;
  /** More clients at once are answered with 503. */
  readonly maxStreams: number;
  /** A client that leaves more than this waiting is cut off. */
  readonly maxBufferedBytes: number;
  /** So is one that takes longer than this over a page of the past. */
  readonly maxStallMs: number;
}

const standard: FeedSettings = {
  heartbeatMs: 15_000,
  maxStreams: 200,
  maxBufferedBytes: 1_048_576,
  maxStallMs: 30_000,
};

export interface FeedDependencies {
  /** Logs in as the observer. */
  readonly pool: Pool;
  readonly log: Logger;
  /** Ends all streams. */
  readonly stopping: AbortSignal;
  readonly settings?: Partial<FeedSettings> | undefined;
}

/** Where a stream starts; `isReset` where that is not after the entry that the client named. */
interface Start {
  readonly after: EntryId;
  readonly isReset: boolean;
}

/** Entries of the past that are read at once. */
const PAGE = 200;
/** Before the database is asked again. */
const PAUSE_MS = 500;

/** The live feed: opens a stream for each client that asks, from where it wants on. */
export class Feed {
  readonly #pool: Pool;
  readonly #onState: (error: unknown) => void;
  readonly #stopping: AbortSignal;
  readonly #settings: FeedSettings;
  readonly #broadcast: Broadcast;
  readonly #streams = new Set<EventStream>();
  #open = 0;

  constructor({ pool, log, stopping, settings }: FeedDependencies) {
    this.#pool = pool;
    this.#stopping = stopping;
    this.#settings = { ...standard, ...settings };
    this.#onState = changesOfState(log, 'the database of the live feed');
    this.#broadcast = new Broadcast(pool, this.#onState);
    stopping.addEventListener('abort', () => this.#streams.forEach((stream) => stream.end()));
  }

  /**
   * A stream of all orders from now on, or of one order from its beginning; with `Last-Event-ID`, from there on. It is
   * written once status and headers are. Throws a Problem, before anything is sent, where there are too many streams or
   * the database is away.
   */
  async open(request: Request, response: Response, orderId?: OrderId): Promise<Streaming> {
    response.set(headers);
    // One that has gone meanwhile will not close again, and would keep its place for good.
    if (request.method === 'HEAD' || response.destroyed) return () => undefined;
    this.#reserve(response);
    const start = await this.#startOf(request, orderId);
    return async () => {
      if (response.destroyed) return;
      const stream = this.#begin(request, response, start, orderId);
      try {
        await this.#catchUp(stream);
      } catch (error) {
        request.log.error({ err: error }, 'a stream of the live feed has failed');
        stream.end();
      }
    };
  }

  #reserve(response: Response): void {
    if (this.#open >= this.#settings.maxStreams)
      throw new Problem('too-many-streams', `${this.#open} streams are open, and no more can be`, {
        headers: { 'Retry-After': '10' },
      });
    this.#open++;
    response.once('close', () => this.#open--);
  }

  async #startOf(request: Request, orderId: OrderId | undefined): Promise<Start> {
    const lastId = request.get('Last-Event-ID') ?? '';
    if (isEntryId(lastId) && (await isKnownEntry(this.#pool, lastId)))
      return { after: lastId, isReset: false };
    const after = orderId === undefined ? await newestEntry(this.#pool) : BEGINNING;
    return { after, isReset: lastId !== '' };
  }

  #begin(
    request: Request,
    response: Response,
    { after, isReset }: Start,
    orderId: OrderId | undefined,
  ): EventStream {
    const onSlow = () => request.log.info('a stream is cut off: its reader is too slow');
    const stream = new EventStream(response, { after, orderId, ...this.#settings, onSlow });
    // The id makes a reconnect before the first message go on from here, too.
    stream.write(`retry: 1000\nid: ${after}\n${isReset ? messageText('reset', {}) : '\n'}`);
    this.#streams.add(stream);
    stream.closed.addEventListener('abort', () => this.#streams.delete(stream));
    if (this.#stopping.aborted) stream.end();
    return stream;
  }

  /** Reads what is past, in pages that the client has to take, and then lets the stream join the others. */
  async #catchUp(stream: EventStream): Promise<void> {
    for (let isAtEnd = false; !isAtEnd;) {
      const page = await this.#read(stream);
      if (!page) return;
      stream.send(page.entries.map(toMessage), page.through);
      await stream.taken();
      isAtEnd = !page.hasMore && this.#broadcast.join(stream);
    }
  }

  /** Waits for a database that is away; undefined when the stream has closed meanwhile. */
  async #read({ reached: after, orderId, closed }: EventStream) {
    while (!closed.aborted) {
      try {
        const page = await readFeed(this.#pool, { after, orderId, limit: PAGE });
        this.#onState(undefined);
        return page;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        this.#onState(error);
        await sleep(PAUSE_MS, undefined, { signal: closed }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

/** Nothing on the way may keep, collect or compress it. */
const headers = {
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  Connection: 'close',
};
