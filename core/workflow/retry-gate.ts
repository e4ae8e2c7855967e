import type { AnyEvent } from '../event.js';
import type { Engine } from './engine.js';
import type { Mailbox } from './mailbox.js';

/** What an operator asks of a parked participant; `key` is the Update's id, and the effect's idempotency key. */
export interface RetryRequest {
  readonly type: 'RETRY';
  readonly key: string;
  /** As the caller named them; recorded as claimed. */
  readonly operator: string;
}

/** The argument of the Update by which an operator asks for a retry. */
export interface RetryArgument {
  readonly operator: string;
}

/** Whether an Update, by its id and arguments, is a request. Fields that nobody knows are ignored. */
export function isRetryRequest(id: string, args: readonly unknown[]): args is [RetryArgument] {
  const [argument] = args as [Partial<RetryArgument> | null | undefined];
  return isName(id) && args.length === 1 && isName(argument?.operator);
}

/** What PostgreSQL, a log and a web page can show: no control characters, and no half of a surrogate pair. */
const isName = (value: unknown): boolean =>
  typeof value === 'string' && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(value);

/**
 * Lets an operator's retry through while the run is parked; the first request ends the parking. Once an event that
 * ends it too is here, a request would come too late: it is refused rather than accepted and forgotten.
 */
export class RetryGate {
  readonly #mailbox: Mailbox;
  readonly #engine: Engine;
  /** What ends the parking beside an operator; undefined while the run is not parked. */
  #endedBy: readonly string[] | undefined;
  #request: RetryRequest | undefined;

  constructor(mailbox: Mailbox, engine: Engine) {
    this.#mailbox = mailbox;
    this.#engine = engine;
  }

  get isOpen(): boolean {
    return this.#endedBy !== undefined && !this.#mailbox.has(this.#endedBy);
  }

  request(key: string, operator: string): void {
    this.#endedBy = undefined;
    this.#request = { type: 'RETRY', key, operator };
  }

  /**
   * Parks until an event of these types arrives, which comes first, or an operator asks for a retry. Undefined where it
   * was interrupted.
   */
  async park(
    types: readonly string[],
    isInterrupted: () => boolean,
  ): Promise<AnyEvent | RetryRequest | undefined> {
    this.#engine.describe('parked: all attempts are used up, an operator can retry');
    this.#endedBy = types;
    const isOver = () => this.#request !== undefined || this.#mailbox.has(types);
    await this.#engine.until(() => isOver() || isInterrupted());
    this.#endedBy = undefined;
    const event = this.#mailbox.take(types);
    if (event) return event;
    const request = this.#request;
    this.#request = undefined;
    return request;
  }
}
