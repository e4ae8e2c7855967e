import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { expect } from 'vitest';
import { parseMessage, type Received } from './feed.js';

/** A client of Server-Sent Events that shows all that it gets, and can stop reading. */
export class StreamClient {
  readonly #response: IncomingMessage;
  #text = '';
  #isClosed = false;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8').on('data', (chunk: string) => (this.#text += chunk));
    response.on('error', () => undefined).once('close', () => (this.#isClosed = true));
  }

  /** Resolves when the headers are there. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
    return new Promise((resolve, reject) => {
      get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) =>
        resolve(new StreamClient(response)),
      ).once('error', reject);
    });
  }

  get status(): number | undefined {
    return this.#response.statusCode;
  }

  get headers(): IncomingHttpHeaders {
    return this.#response.headers;
  }

  /** All that came, as it came. */
  get text(): string {
    return this.#text;
  }

  /** The id that came with the headers, before any message. */
  get startId(): string {
    return /^retry: \d+\nid: (\S+)\n/.exec(this.#text)?.[1] ?? '';
  }

  get messages(): readonly Received[] {
    const whole = this.#text.slice(0, this.#text.lastIndexOf('\n\n'));
    return whole
      .split('\n\n')
      .filter((block) => block.includes('data: '))
      .map((block) => parseMessage(block.slice(block.search(/^(id|event): /m))));
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Waits until it has got this many messages. */
  async got(count: number): Promise<readonly Received[]> {
    await expect.poll(() => this.messages.length, { timeout: 60_000, interval: 10 }).toBe(count);
    return this.messages;
  }

  /** Waits until the stream has begun. */
  async begun(): Promise<this> {
    await expect.poll(() => this.startId, { timeout: 60_000, interval: 5 }).not.toBe('');
    return this;
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  close(): void {
    this.#response.destroy();
  }
}
