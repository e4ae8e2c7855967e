import type { Deliver } from '../activity/outbox.js';
import type { SagaId } from '../event.js';
import type { SweepStore, Unfinished } from './sweep-store.js';

/** How a sweep reaches participants. All reject where Temporal does not confirm. */
export interface SweepSignals {
  readonly deliver: Deliver;
  /** Makes the participant read its row and its undelivered events again, and starts it where it does not run. */
  readonly wake: (service: string, sagaId: SagaId) => Promise<void>;
  readonly isRunning: (service: string, sagaId: SagaId) => Promise<boolean>;
}

/**
 * Finds what its service has left unfinished, and has the participants go on with it (R11). It only signals; what there
 * is to do is decided by the participant and its row, so a signal too many does no harm.
 */
export class Sweep {
  readonly #service: string;
  readonly #store: SweepStore;
  readonly #signals: SweepSignals;
  #lastParked: SagaId | undefined;

  constructor(service: string, store: SweepStore, signals: SweepSignals) {
    this.#service = service;
    this.#store = store;
    this.#signals = signals;
  }

  /** One sweep. True where there is more to do at once. Rejects at the first group of signals of which one fails. */
  async run(): Promise<boolean> {
    const { sagas, hasMore } = await this.#store.take();
    for (let first = 0; first < sagas.length; first += GROUP)
      await this.#wakeGroup(sagas.slice(first, first + GROUP));
    await this.#wakeParked();
    return hasMore;
  }

  /** Where Temporal is away, the rest of the sagas would fail as well: they are taken again later. */
  async #wakeGroup(group: readonly Unfinished[]): Promise<void> {
    const waking = group.map((saga) => this.#wake(saga));
    const ends = await Promise.allSettled(waking);
    const woken = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    if (woken.length > 0) await this.#store.woken(woken);
    await Promise.all(waking);
  }

  /** The effect of an event also returns what is undelivered, so events need no look besides. */
  async #wake({ sagaId, unhandled }: Unfinished): Promise<SagaId> {
    if (unhandled.length === 0) await this.#signals.wake(this.#service, sagaId);
    for (const event of unhandled) await this.#signals.deliver(this.#service, event);
    return sagaId;
  }

  /**
   * Nothing in the database says that a parked saga has lost its participant, so Temporal is asked: about a few sagas a
   * sweep, and about all of them once one has been found.
   */
  async #wakeParked(): Promise<void> {
    for (let mustGoOn = true; mustGoOn;) {
      const parked = await this.#store.parkedAfter(this.#lastParked);
      const woken = await Promise.all(parked.map((sagaId) => this.#wakeUnlessRunning(sagaId)));
      this.#lastParked = parked.at(-1);
      mustGoOn = woken.includes(true);
    }
  }

  /** A look at a participant that waits would do no harm, but lengthen its history with each sweep. */
  async #wakeUnlessRunning(sagaId: SagaId): Promise<boolean> {
    if (await this.#signals.isRunning(this.#service, sagaId)) return false;
    await this.#signals.wake(this.#service, sagaId);
    return true;
  }
}

/** Sagas that are signalled at the same time. */
const GROUP = 10;
