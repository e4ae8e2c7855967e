import { once } from 'node:events';
import type { Response } from 'express';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { Message } from './message.js';

export interface EventStreamOptions {
  /** The last entry the client has. */
  readonly after: EntryId;
  /** Limits the stream to one order. */
  readonly orderId?: OrderId | undefined;
  readonly heartbeatMs: number;
  readonly maxBufferedBytes: number;
  /** How long a client may take to read a page of past entries. */
  readonly maxStallMs: number;
  readonly onSlow: () => void;
}

/**
 * One client's stream of Server-Sent Events. It never gets an entry twice. A client that reads too slowly is cut off; it
 * can resume with its last id.
 */
export class EventStream {
  /** Everything for this client up to here has been written. */
  #reached: EntryId;
  readonly #response: Response;
  readonly #options: EventStreamOptions;
  readonly #closed = new AbortController();

  constructor(response: Response, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#reached = options.after;
    const heartbeat = setInterval(() => this.write(':\n\n'), options.heartbeatMs);
    response.once('close', () => {
      clearInterval(heartbeat);
      this.#closed.abort();
    });
  }

  get reached(): EntryId {
    return this.#reached;
  }

  get orderId(): OrderId | undefined {
    return this.#options.orderId;
  }

  /** Aborts when the client leaves or is cut off, or the stream ends. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Writes the messages that are new to this client. The page of messages covers the feed up to `through`. */
  send(messages: readonly Message[], through: EntryId | undefined = messages.at(-1)?.id): void {
    const { orderId } = this.#options;
    const unsent = messages.filter(
      (message) => message.id > this.#reached && (orderId === undefined || message.orderId === orderId),
    );
    if (unsent.length > 0) this.write(unsent.map(({ text }) => text).join(''));
    if (through !== undefined && through > this.#reached) this.#reached = through;
  }

  write(text: string): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > this.#options.maxBufferedBytes) this.#cutOff();
    else response.write(text);
  }

  /** Resolves when the client has read what was written, or is gone. */
  async drained(): Promise<void> {
    const response = this.#response;
    if (!response.writableNeedDrain) return;
    const timeout = AbortSignal.timeout(this.#options.maxStallMs);
    const signal = AbortSignal.any([this.closed, timeout]);
    await once(response, 'drain', { signal }).catch(() => undefined);
    if (timeout.aborted && response.writableNeedDrain) this.#cutOff();
  }

  /** A client that has not read everything would keep the connection open, so it is disconnected. */
  end(): void {
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#response.end();
  }

  #cutOff(): void {
    this.#options.onSlow();
    this.#response.destroy();
  }
}
