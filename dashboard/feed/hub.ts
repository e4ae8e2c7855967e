import type { FeedMessage } from './messages.js';
import { readPast } from './past.js';
import { subscribe, type Connection, type FeedHandlers } from './subscribe.js';

/** Whose messages: those of one order, or of all. */
export type Subject = string | typeof ALL_ORDERS;
export const ALL_ORDERS = null;

/** Tells a listener what happens to all orders from now on, or to one order from its beginning on, until it is stopped. */
export interface Feed {
  listen(subject: Subject, handlers: FeedHandlers): () => void;
}

const RETRY_MS = 1_500;

/**
 * Any number of listeners on one stream, which is open while there are any.
 *
 * The stream tells what happens from now on. A listener to one order is first told its past, which is read once the stream
 * is open, so that nothing falls between the two; what both tell comes twice.
 */
export class FeedHub implements Feed {
  readonly #listeners = new Set<Listener>();
  #close: (() => void) | undefined;
  #connection: Connection = 'connecting';
  #isOpen = false;

  listen(subject: Subject, handlers: FeedHandlers): () => void {
    const listener = new Listener(subject, handlers);
    this.#listeners.add(listener);
    if (this.#close) this.#join(listener);
    else this.#close = this.#open();
    return () => this.#leave(listener);
  }

  #join(listener: Listener): void {
    listener.handlers.onConnection(this.#connection);
    if (this.#isOpen) listener.start();
  }

  #open(): () => void {
    return subscribe('/events', {
      onStart: () => {
        this.#isOpen = true;
        this.#tell((listener) => listener.start());
      },
      onMessage: (message) => this.#tell((listener) => listener.hear(message)),
      onConnection: (connection) => {
        this.#connection = connection;
        this.#tell(({ handlers }) => handlers.onConnection(connection));
      },
    });
  }

  #leave(listener: Listener): void {
    listener.stop();
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#close?.();
    this.#close = undefined;
    this.#isOpen = false;
    this.#connection = 'connecting';
  }

  #tell(say: (listener: Listener) => void): void {
    this.#listeners.forEach(say);
  }
}

/** While the past of its order is being read, what happens is held back. */
class Listener {
  readonly handlers: FeedHandlers;
  readonly #subject: Subject;
  #heldBack: FeedMessage[] | undefined;
  #reading = new AbortController();

  constructor(subject: Subject, handlers: FeedHandlers) {
    this.#subject = subject;
    this.handlers = handlers;
  }

  start(): void {
    this.stop();
    this.handlers.onStart();
    if (this.#subject === ALL_ORDERS) return;
    this.#heldBack = [];
    this.#reading = new AbortController();
    void this.#tellPast(this.#subject, this.#reading.signal);
  }

  stop(): void {
    this.#reading.abort();
  }

  hear(message: FeedMessage): void {
    if (this.#subject !== ALL_ORDERS && message.data.orderId !== this.#subject) return;
    if (this.#heldBack) this.#heldBack.push(message);
    else this.handlers.onMessage(message);
  }

  async #tellPast(orderId: string, signal: AbortSignal): Promise<void> {
    const past = await readPast(orderId, signal).catch(() => undefined);
    if (signal.aborted) return;
    if (!past) return void setTimeout(() => signal.aborted || void this.#tellPast(orderId, signal), RETRY_MS);
    const all = [...past, ...(this.#heldBack ?? [])];
    this.#heldBack = undefined;
    all.forEach(this.handlers.onMessage);
  }
}
