import { ALL_ORDERS, type Feed, type Subject } from './hub.js';
import type { Request, Told } from './shared-messages.js';
import type { FeedHandlers } from './subscribe.js';

interface Listener {
  readonly subject: Subject;
  readonly handlers: FeedHandlers;
}

/** The feed of all pages of this browser, in a worker that they share. */
export class SharedFeed implements Feed {
  readonly #port: MessagePort;
  readonly #listeners = new Map<number, Listener>();
  #last = 0;

  constructor() {
    const worker = new SharedWorker(new URL('./shared-worker.ts', import.meta.url), { type: 'module' });
    this.#port = worker.port;
    this.#port.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    // A page in the browser's cache of pages is frozen, and may come back.
    addEventListener('pagehide', () => this.#forEach((listener) => this.#ask({ kind: 'leave', listener })));
    addEventListener('pageshow', ({ persisted }) => persisted && this.#forEach(this.#askFor));
  }

  listen(subject: Subject, handlers: FeedHandlers): () => void {
    const listener = ++this.#last;
    this.#listeners.set(listener, { subject, handlers });
    handlers.onConnection('connecting');
    this.#askFor(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#ask({ kind: 'leave', listener });
    };
  }

  readonly #askFor = (listener: number) =>
    this.#ask({ kind: 'listen', listener, subject: this.#listeners.get(listener)?.subject ?? ALL_ORDERS });

  #ask(request: Request): void {
    this.#port.postMessage(request);
  }

  #forEach(say: (listener: number) => void): void {
    [...this.#listeners.keys()].forEach(say);
  }

  #hear(told: Told): void {
    const handlers = this.#listeners.get(told.listener)?.handlers;
    switch (told.kind) {
      case 'start':
        return handlers?.onStart();
      case 'message':
        return handlers?.onMessage(told.message);
      case 'connection':
        return handlers?.onConnection(told.connection);
    }
  }
}
