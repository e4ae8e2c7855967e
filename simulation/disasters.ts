import type { Choices } from '../core/simulation/choices.js';
import type { FaultSource } from '../core/simulation/faults.js';
import type { Scheduler } from '../core/simulation/scheduler.js';
import type { SimulatedTemporal } from '../core/simulation/temporal.js';
import { services } from '../schemas/services.js';
import type { ShopDatabase } from './database.js';
import type { Stored } from './stored.js';
import type { Sweeps } from './sweeps.js';

/** What befalls a lossy world beside the faults of single steps. */
export class Disasters {
  /** PostgreSQL was restored from a backup: it has forgotten what others still know. */
  isSetBack = false;
  readonly #choices: Choices;
  readonly #faults: FaultSource;
  readonly #scheduler: Scheduler;
  readonly #temporals: readonly SimulatedTemporal[];
  readonly #database: ShopDatabase;
  readonly #tell: (what: string) => void;

  constructor(
    parts: {
      readonly choices: Choices;
      readonly faults: FaultSource;
      readonly scheduler: Scheduler;
      /** One for each order. */
      readonly temporals: readonly SimulatedTemporal[];
      readonly database: ShopDatabase;
    },
    tell: (what: string) => void,
  ) {
    this.#choices = parts.choices;
    this.#faults = parts.faults;
    this.#scheduler = parts.scheduler;
    this.#temporals = parts.temporals;
    this.#database = parts.database;
    this.#tell = tell;
  }

  /** Two disasters at most, and a few sweeps, each at any moment. */
  prepare(sweeps: Sweeps): void {
    for (let left = this.#choices.pick(3); left > 0; left--) {
      const disaster = this.#choices.pick(2 + services.length);
      const latest = LATEST_STEP * this.#temporals.length;
      this.#scheduler.interrupt(this.#choices.pick(latest), () => this.#strike(disaster));
    }
    for (let left = this.#choices.pick(5); left > 0; left--) {
      const service = services[this.#choices.pick(services.length)] ?? services[0];
      this.#scheduler.in(this.#faults.duration(), () => sweeps.begin(service));
    }
  }

  #strike(disaster: number): void {
    const service = services[disaster - 2];
    if (disaster === 0) this.#forgetAll();
    else if (service === undefined) this.#setBack();
    else this.#terminate(service);
  }

  #forgetAll(): void {
    this.#tell('Temporal loses its database');
    for (const temporal of this.#temporals) temporal.forget();
  }

  #terminate(service: string): void {
    for (const temporal of this.#temporals) {
      if (!temporal.isRunning(service)) continue;
      this.#tell(`somebody terminates ${service}`);
      temporal.terminate(service);
    }
  }

  /** Never to before an order was placed: nobody could know of it then. */
  #setBack(): void {
    const placed = Object.keys(this.#database.stored.rows).length;
    const backups = this.#database.backups(OLDEST).filter((state) => isPlaced(placed, state));
    const backup = backups.at(-1 - this.#choices.pick(Math.max(1, backups.length)));
    if (backup === undefined) return;
    this.#tell('PostgreSQL is restored from a backup');
    this.isSetBack = true;
    this.#database.stepBackTo(backup);
  }
}

const isPlaced = (orders: number, { rows }: Stored): boolean =>
  Object.values(rows).filter(({ order }) => order !== undefined && order.status !== 'NOTHING').length >=
  orders;

/** By then most worlds are at rest. */
const LATEST_STEP = 200;

/** How old a backup may be, in ms. */
const OLDEST = 600_000;
