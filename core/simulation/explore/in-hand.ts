import type { StoredState } from '../database.js';
import type { Activities, Execution } from '../worker.js';
import type { SteppedScheduler } from './stepped.js';

/** What an execution went through: the point, the fault it met there, and what was stored just then. */
export interface Experience {
  readonly what: string;
  readonly fault: string | undefined;
  readonly stored: StoredState;
}

/** The workers of a world, as far as their deaths go. */
export class Workers {
  readonly #deaths = new Map<string, number>();
  readonly #losses = new Map<string, number>();

  /** What it has in hand is dead from now on, and nobody waits for it. */
  died(service: string): void {
    this.#deaths.set(service, this.deathsOf(service) + 1);
    this.terminated(service);
  }

  /** What it has in hand goes on, though nobody waits for it. */
  terminated(service: string): void {
    this.#losses.set(service, this.lossesOf(service) + 1);
  }

  deathsOf = (service: string): number => this.#deaths.get(service) ?? 0;
  lossesOf = (service: string): number => this.#losses.get(service) ?? 0;
}

/**
 * One execution of an activity that is under way. Its code is deterministic, so what it was called with and what it
 * went through since say where it stands, and what it is going to do.
 */
export class InHand {
  readonly service: string;
  readonly call: readonly unknown[];
  readonly experience: Experience[] = [];
  /** It was taken for dead, and is not. */
  livesOn = false;
  readonly #workers: Workers;
  readonly #deaths: number;
  readonly #losses: number;

  constructor(service: string, call: readonly unknown[], workers: Workers) {
    this.service = service;
    this.call = call;
    this.#workers = workers;
    this.#deaths = workers.deathsOf(service);
    this.#losses = workers.lossesOf(service);
  }

  get isDead(): boolean {
    return !this.livesOn && this.#deaths < this.#workers.deathsOf(this.service);
  }

  /** Nobody waits for its end. */
  get isForgotten(): boolean {
    return this.#losses < this.#workers.lossesOf(this.service);
  }
}

/** The same activities, watched: each step of theirs is known to be that of one execution. */
export const watched =
  (
    service: string,
    activities: Activities,
    parts: {
      readonly scheduler: SteppedScheduler;
      readonly workers: Workers;
      readonly stored: () => StoredState;
    },
  ): Activities =>
  (name, args, execution) => {
    const { scheduler, workers, stored } = parts;
    const inHand = new InHand(service, [name, args, execution.attempt], workers);
    const watchedExecution: Execution = {
      attempt: execution.attempt,
      turn: async (what, faults) => {
        scheduler.offeredBy(inHand);
        const fault = await execution.turn(what, faults);
        inHand.experience.push({ what, fault, stored: stored() });
        return fault;
      },
      hang: () => {
        inHand.experience.push({ what: 'hangs', fault: undefined, stored: stored() });
        return execution.hang();
      },
    };
    return activities(name, args, watchedExecution);
  };
