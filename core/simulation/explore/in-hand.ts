import type { StoredState } from '../database.js';

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
