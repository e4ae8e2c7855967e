import type { AnyEvent } from '../event.js';

/**
 * Events in the order of their arrival, kept by type, so that neither arrival nor selective receive looks at the events
 * of other types: a flood costs time in proportion to its length.
 */
export class WaitingEvents {
  readonly #byType = new Map<string, Arrival[]>();
  #arrivals = 0;

  add(event: AnyEvent): void {
    const arrival = { event, number: this.#arrivals++ };
    const queue = this.#byType.get(event.type);
    if (queue) queue.push(arrival);
    else this.#byType.set(event.type, [arrival]);
  }

  has(types: readonly string[]): boolean {
    return types.some((type) => this.#byType.has(type));
  }

  get isEmpty(): boolean {
    return this.#byType.size === 0;
  }

  /** Removes and returns the first event that is of one of the types. */
  take(types: readonly string[]): AnyEvent | undefined {
    const queues = types.map((type) => this.#byType.get(type) ?? []);
    const queue = queues.reduce((one, other) => (arrivalOf(one) <= arrivalOf(other) ? one : other), []);
    const event = queue.shift()?.event;
    if (event && queue.length === 0) this.#byType.delete(event.type);
    return event;
  }

  /** Removes and returns the first event that is of none of the types. */
  takeOther(types: readonly string[]): AnyEvent | undefined {
    return this.take([...this.#byType.keys()].filter((type) => !types.includes(type)));
  }
}

interface Arrival {
  readonly event: AnyEvent;
  readonly number: number;
}

const arrivalOf = ([first]: readonly Arrival[]): number => first?.number ?? Infinity;
