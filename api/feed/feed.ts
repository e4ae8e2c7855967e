import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { canResume, newestEntry, readFeed } from '../../db/feed/entries.js';
import { BEGINNING, isEntryId } from '../../db/feed/entry-id.js';
import type { Pool } from '../../core/postgres/pool.js';
import { changesOfState } from '../../platform/changes-of-state.js';
import type { Logger } from '../../platform/logger.js';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { Streaming } from '../http/operation.js';
import { isUnavailable } from '../http/unavailable.js';
import { Broadcast } from './broadcast.js';
import { EventStream } from './event-stream.js';
import { messageText, toMessage } from './message.js';
import { StreamPlaces, type StreamLimits } from './stream-places.js';

export interface FeedSettings extends StreamLimits {
  readonly heartbeatMs: number;
  /** A client with more unread than this is cut off. */
  readonly maxBufferedBytes: number;
  /** So is a client that takes longer than this to read a page of past entries. */
  readonly maxStallMs: number;
}

const defaults: FeedSettings = {
  heartbeatMs: 15_000,
  maxStreams: 200,
  maxStreamsOfClient: 150,
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

/** Where a stream starts; `isReset` if the client named an entry that is unknown, or after which some are forgotten. */
interface Start {
  readonly after: EntryId;
  readonly isReset: boolean;
}

export interface StreamedPart {
  /** Only what happened to this order, from its beginning. */
  readonly orderId?: OrderId | undefined;
  /** The stream ends once everything up to now is sent. */
  readonly isFinite?: boolean | undefined;
}

/** Past entries per read. */
const PAGE = 200;
/** Between attempts to reach the database. */
const PAUSE_MS = 500;

/** The live feed: opens a stream for each client. */
export class Feed {
  readonly #pool: Pool;
  readonly #onState: (error: unknown) => void;
  readonly #stopping: AbortSignal;
  readonly #settings: FeedSettings;
  readonly #broadcast: Broadcast;
  readonly #streams = new Set<EventStream>();
  readonly #places: StreamPlaces;

  constructor({ pool, log, stopping, settings }: FeedDependencies) {
    this.#pool = pool;
    this.#stopping = stopping;
    this.#settings = { ...defaults, ...settings };
    this.#places = new StreamPlaces(this.#settings);
    this.#onState = changesOfState(log, 'the database of the live feed');
    this.#broadcast = new Broadcast(pool, {
      onState: this.#onState,
      onBehind: (since) => {
        if (since) log.warn({ since }, 'the live feed waits for a transaction that does not end');
        else log.info('the live feed has caught up');
      },
    });
    stopping.addEventListener('abort', () => this.#streams.forEach((stream) => stream.end()));
  }

  /**
   * Streams all orders from now on, or one order from its beginning; with `Last-Event-ID`, from there on. The result
   * writes the stream once status and headers have been sent. Throws a Problem if there are too many streams, and
   * rejects if the database is down; nothing has been sent by then.
   */
  async open(
    request: Request,
    response: Response,
    { orderId, isFinite = false }: StreamedPart = {},
  ): Promise<Streaming> {
    response.set(headers);
    // A response that is already destroyed emits no more `close`, and would never give its place back.
    if (request.method === 'HEAD' || response.destroyed) return () => undefined;
    this.#places.take(request, response);
    const start = await this.#startOf(request, orderId);
    return async () => {
      if (response.destroyed) return;
      const stream = this.#startStream(request, response, start, orderId);
      try {
        await this.#catchUp(stream, isFinite);
      } catch (error) {
        request.log.error({ err: error }, 'a stream of the live feed failed');
        stream.end();
      }
    };
  }

  async #startOf(request: Request, orderId: OrderId | undefined): Promise<Start> {
    const lastId = request.get('Last-Event-ID') ?? '';
    if (isEntryId(lastId) && (await canResume(this.#pool, lastId, orderId)))
      return { after: lastId, isReset: false };
    const after = orderId === undefined ? await newestEntry(this.#pool) : BEGINNING;
    return { after, isReset: lastId !== '' };
  }

  #startStream(
    request: Request,
    response: Response,
    { after, isReset }: Start,
    orderId: OrderId | undefined,
  ): EventStream {
    const onSlow = () => request.log.info('cutting off a stream: the client reads too slowly');
    const stream = new EventStream(response, { after, orderId, ...this.#settings, onSlow });
    // With the id, a client that reconnects before the first message resumes from here, too.
    stream.write(`retry: 1000\nid: ${after}\n${isReset ? messageText('reset', {}) : '\n'}`);
    this.#streams.add(stream);
    stream.closed.addEventListener('abort', () => this.#streams.delete(stream));
    if (this.#stopping.aborted) stream.end();
    return stream;
  }

  /** Sends past entries page by page, waiting for the client each time, until the stream can join the broadcast. */
  async #catchUp(stream: EventStream, isFinite: boolean): Promise<void> {
    for (let isAtEnd = false; !isAtEnd;) {
      const page = await this.#read(stream);
      if (!page) return;
      stream.send(page.entries.map(toMessage), page.through);
      await stream.drained();
      isAtEnd = !page.hasMore && (isFinite || this.#broadcast.join(stream));
    }
    if (isFinite) stream.end();
  }

  /** Waits while the database is down; undefined if the stream closes meanwhile. */
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

/** Nothing on the way may cache, buffer or compress the stream. */
const headers = {
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  Connection: 'close',
};
