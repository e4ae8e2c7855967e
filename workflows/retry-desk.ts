import type { RetryInput } from '../activities/notification.js';
import type { EventType } from '../schemas/catalogue.js';
import type { SagaEvent } from '../schemas/event.js';
import type { Engine } from './engine.js';
import type { Inbox } from './inbox.js';
import type { OperatorDesk } from './operator-desk.js';
import { mustStartAnew, StartAnew } from './start-anew.js';

/**
 * The desk of one run: a request is taken while the run is parked, and the first one ends the parking. Once an event
 * that ends it too is here, a request would come too late: it is refused rather than taken and forgotten.
 */
export class RetryDesk implements OperatorDesk {
  readonly #inbox: Inbox;
  readonly #engine: Engine;
  /** What ends the parking beside an operator; undefined while the run is not parked. */
  #endedBy: readonly EventType[] | undefined;
  #request: RetryInput | undefined;

  constructor(inbox: Inbox, engine: Engine) {
    this.#inbox = inbox;
    this.#engine = engine;
  }

  get isParked(): boolean {
    return this.#endedBy !== undefined && !this.#inbox.has(this.#endedBy);
  }

  ask(request: RetryInput): void {
    this.#endedBy = undefined;
    this.#request = request;
  }

  async open<Type extends EventType>(types: readonly Type[]): Promise<SagaEvent<Type> | RetryInput> {
    this.#engine.describe('parked: all attempts are used up, an operator can retry');
    this.#endedBy = types;
    const isOver = () => this.#request !== undefined || this.#inbox.has(types);
    await this.#engine.until(() => isOver() || mustStartAnew(this.#engine));
    this.#endedBy = undefined;
    const next = this.#inbox.take(types) ?? this.#request;
    if (next === undefined) throw new StartAnew();
    if (next === this.#request) this.#request = undefined;
    return next;
  }
}
