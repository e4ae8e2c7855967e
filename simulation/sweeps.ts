import { sagaIdOf } from '../core/choreography.js';
import type { AnyEvent } from '../core/event.js';
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
import type { OrderId } from '../schemas/ids.js';
import type { Deliveries } from './deliveries.js';
import type { WorldsOrder } from './order.js';
import { simulatedServices, type SimulatedService } from './services.js';

/** The real sweeps of all services, on simulated tables, by workers that can die on the way. */
export class Sweeps {
  readonly #database: ShopDatabase;
  readonly #orders: readonly Swept[];
  readonly #scheduler: Scheduler;
  readonly #onTaken: (service: Service, taken: Taken) => void;
  /** Services of which a sweep has found nothing in this round. */
  readonly #idle = new Set<Service>();

  constructor(
    database: ShopDatabase,
    orders: readonly Swept[],
    scheduler: Scheduler,
    onTaken: (service: Service, taken: Taken) => void,
  ) {
    this.#database = database;
    this.#orders = orders;
    this.#scheduler = scheduler;
    this.#onTaken = onTaken;
  }

  /** A worker of the service sweeps, until it has nothing more to do at once. */
  begin(service: Service): void {
    const [first] = this.#orders;
    const sweeping = first?.temporal.alone(service, `${service} sweeps`, (execution) =>
      this.#sweep(service, execution),
    );
    // One that fails is followed by the next one.
    void sweeping?.catch(() => undefined);
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
        const parked = await store.parkedAfter(undefined);
        if (sagas.length > 0) return [`at rest, ${service} has something unfinished`];
        if (parked.some((orderId) => !this.#temporalOf(orderId).isRunning(service)))
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
    const swept = { service, ...(dueAt && { dueAt }), ...(isParked && { isParked }) };
    const store = simulatedSweepStore(this.#database, choreography, swept, sweepSettings, fate);
    const take = async () => {
      const taken = await store.take();
      this.#onTaken(service, taken);
      return taken;
    };
    return { ...store, take };
  }

  #temporalOf(orderId: OrderId): SimulatedTemporal {
    const order = this.#orders.find(({ placed }) => placed.orderId === orderId);
    if (!order) throw new Error(`a sweep has found ${orderId}, which nobody has placed`);
    return order.temporal;
  }

  #deliver(execution: Execution, service: string, event: AnyEvent): Promise<void> {
    const orderId = sagaIdOf(choreography, event);
    const order = this.#orders.find(({ placed }) => placed.orderId === orderId);
    return order ? order.deliveries.by(execution)(service, event) : Promise.resolve();
  }

  #signals(execution: Execution, onSignal: () => void): SweepSignals {
    return {
      deliver: (service, event) => {
        onSignal();
        return this.#deliver(execution, service, event);
      },
      wake: async (service, orderId) => {
        onSignal();
        const fault = await execution.turn(`makes ${service} look`, [
          'FAILS',
          'ANSWER_LOST',
          'LOST',
        ] as const);
        if (fault === 'FAILS') throw new Error('unavailable');
        if (fault !== 'LOST') this.#temporalOf(orderId).wake(service);
        if (fault === 'ANSWER_LOST') throw new Error('signalled, but the answer was lost');
      },
      isRunning: (service, orderId) => Promise.resolve(this.#temporalOf(orderId).isRunning(service)),
    };
  }
}

/** An order, as far as a sweep has to reach its participants. */
interface Swept {
  readonly placed: WorldsOrder;
  readonly temporal: SimulatedTemporal;
  readonly deliveries: Deliveries;
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
