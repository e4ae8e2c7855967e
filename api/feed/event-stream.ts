import { once } from 'node:events';
import type { Response } from 'express';
import type { EntryId, OrderId } from '../../schemas/ids.js';
import type { Message } from './message.js';

export interface EventStreamOptions {
  /** The last entry that the client has. */
  readonly after: EntryId;
  /** Of one order only. */
  readonly orderId?: OrderId | undefined;
  readonly heartbeatMs: number;
  readonly maxBufferedBytes: number;
  /** How long a reader may take over what was written to it before it is asked for more. */
  readonly maxStallMs: number;
  readonly onSlow: () => void;
}

/**
 * One client's open stream of Server-Sent Events. What it has had it does not get again, and a reader who leaves
 * too much of what was written waiting is cut off: it can come back with its last id.
 */
export class EventStream {
  /** Everything up to here, as far as it is for this client, was written. */
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

  /** Aborts when the client has gone, was cut off, or the stream was ended. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Writes those of the messages that are for this client and that it has not had; `through` is how far they reach. */
  send(messages: readonly Message[], through: EntryId | undefined = messages.at(-1)?.id): void {
    const { orderId } = this.#options;
    const news = messages.filter(
      (message) => message.id > this.#reached && (orderId === undefined || message.orderId === orderId),
    );
    if (news.length > 0) this.write(news.map(({ text }) => text).join(''));
    if (through !== undefined && through > this.#reached) this.#reached = through;
  }

  write(text: string): void {
    const response = this.#response;
    if (response.destroyed || response.writableEnded) return;
    if (response.writableLength > this.#options.maxBufferedBytes) this.#cutOff();
    else response.write(text);
  }

  /** Resolves when the client has taken what was written, or has gone. */
  async taken(): Promise<void> {
    const response = this.#response;
    if (!response.writableNeedDrain) return;
    const timeout = AbortSignal.timeout(this.#options.maxStallMs);
    const signal = AbortSignal.any([this.closed, timeout]);
    await once(response, 'drain', { signal }).catch(() => undefined);
    if (timeout.aborted && response.writableNeedDrain) this.#cutOff();
  }

  /** A reader that has not taken all of it would keep the connection open. */
  end(): void {
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#response.end();
  }

  #cutOff(): void {
    this.#options.onSlow();
    this.#response.destroy();
  }
}
