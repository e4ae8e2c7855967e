import type { Deliver } from '../core/activity/outbox.js';
import type { SweepSettings, SweepStore, Taken } from '../core/sweep/sweep-store.js';
import { Sweep, type SweepSignals } from '../core/sweep/sweep.js';
import { simulatedSweepStore } from '../core/simulation/sweep-store.js';
import type { Fate } from '../core/simulation/database.js';
import type { Scheduler } from '../core/simulation/scheduler.js';
import type { SimulatedTemporal } from '../core/simulation/temporal.js';
import type { Execution } from '../core/simulation/worker.js';
import { choreography } from '../schemas/catalogue.js';
import { services, type Service } from '../schemas/services.js';
import { fateOf } from './activities.js';
import type { ShopDatabase } from './database.js';
import { orderId } from './order.js';
import { simulatedServices, type SimulatedService } from './services.js';

/** The real sweeps of all services, on simulated tables, by workers that can die on the way. */
export class Sweeps {
  readonly #database: ShopDatabase;
  readonly #temporal: SimulatedTemporal;
  readonly #scheduler: Scheduler;
  readonly #deliver: (execution: Execution) => Deliver;
  readonly #onTaken: (service: Service, taken: Taken) => void;
  /** Services of which a sweep has found nothing in this round. */
  readonly #idle = new Set<Service>();

  constructor(
    database: ShopDatabase,
    temporal: SimulatedTemporal,
    scheduler: Scheduler,
    deliver: (execution: Execution) => Deliver,
    onTaken: (service: Service, taken: Taken) => void,
  ) {
    this.#database = database;
    this.#temporal = temporal;
    this.#scheduler = scheduler;
    this.#deliver = deliver;
    this.#onTaken = onTaken;
  }

  /** A worker of the service sweeps, until it has nothing more to do at once. */
  begin(service: Service): void {
    const sweeping = this.#temporal.alone(service, `${service} sweeps`, (execution) =>
      this.#sweep(service, execution),
    );
    // One that fails is followed by the next one.
    void sweeping.catch(() => undefined);
  }

  /** Sweeps of all services, round after round, until one round finds nothing. Resolves with the steps that it took. */
  async untilNothingIsFound(): Promise<number> {
    let steps = 0;
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      this.#idle.clear();
      this.#scheduler.in(TEN_MINUTES, () => services.forEach((service) => this.begin(service)));
      steps += await this.#scheduler.run();
      if (this.#idle.size === services.length) return steps;
    }
    throw new Error(`after ${MOST_ROUNDS} rounds, the sweep still finds something`);
  }

  /** What a sweep would find long after everything has come to rest, in a world that has lost nothing. */
  async findings(): Promise<readonly string[]> {
    this.#scheduler.now += TEN_MINUTES;
    const found = services.map(async (service) => {
      const store = this.#store(service, () => Promise.resolve('COMMITS'));
      for (;;) {
        const { sagas, hasMore } = await store.take();
        const [parked] = await store.parkedAfter(undefined);
        if (sagas.length > 0) return [`at rest, ${service} has something unfinished`];
        if (parked !== undefined && !this.#temporal.isRunning(service))
          return [`at rest, ${service} waits for an operator, and has no participant`];
        if (!hasMore) return [];
      }
    });
    return (await Promise.all(found)).flat();
  }

  async #sweep(service: Service, execution: Execution): Promise<void> {
    let isIdle = true;
    const signals = this.#signals(execution, () => (isIdle = false));
    const sweep = new Sweep(service, this.#store(service, fateOf(execution, 'its sweep')), signals);
    while (await sweep.run());
    if (isIdle) this.#idle.add(service);
  }

  #store(service: Service, fate: Fate): SweepStore {
    const { dueAt, isParked }: SimulatedService = simulatedServices[service];
    const swept = { service, sagaId: orderId, ...(dueAt && { dueAt }), ...(isParked && { isParked }) };
    const store = simulatedSweepStore(this.#database, choreography, swept, sweepSettings, fate);
    const take = async () => {
      const taken = await store.take();
      this.#onTaken(service, taken);
      return taken;
    };
    return { ...store, take };
  }

  #signals(execution: Execution, onSignal: () => void): SweepSignals {
    const deliver = this.#deliver(execution);
    return {
      deliver: (service, event) => {
        onSignal();
        return deliver(service, event);
      },
      wake: async (service) => {
        onSignal();
        const fault = await execution.turn(`makes ${service} look`, [
          'FAILS',
          'ANSWER_LOST',
          'LOST',
        ] as const);
        if (fault === 'FAILS') throw new Error('unavailable');
        if (fault !== 'LOST') this.#temporal.wake(service);
        if (fault === 'ANSWER_LOST') throw new Error('signalled, but the answer was lost');
      },
      isRunning: (service) => Promise.resolve(this.#temporal.isRunning(service)),
    };
  }
}

/** Those of the product. */
const sweepSettings: SweepSettings = {
  intervalMs: 10_000,
  graceMs: 30_000,
  stuckAfterMs: 300_000,
  batch: 100,
};

/** Longer than the grace, and than the longest pause before a saga is woken again. */
const TEN_MINUTES = 600_000;

/** Each can lose what it signals, as long as there are faults left. */
const MOST_ROUNDS = 20;
