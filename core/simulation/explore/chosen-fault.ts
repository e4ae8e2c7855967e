import type { FaultSource } from '../faults.js';
import { NO_FAULT, type FaultKind } from './fault-kind.js';
import { ANY_TIME } from './stepped.js';

/** Deals the faults that a schedule chooses, and says which ones it could have chosen. */
export class ChosenFaults implements FaultSource {
  /** What the step under way could have met. */
  offered: readonly string[] = [];
  left: number;
  readonly #kind: FaultKind;
  readonly #onDeath: () => void;
  readonly #dealt: number;
  #chosen: string | undefined;

  /** `onDeath` is told when the worker that is at work is taken for dead. */
  constructor(kind: FaultKind, budget: number, onDeath: () => void) {
    this.#kind = kind;
    this.left = kind === NO_FAULT ? 0 : budget;
    this.#dealt = this.left;
    this.#onDeath = onDeath;
  }

  /** A step begins, in which this fault is to happen. */
  begin(chosen: string | undefined): void {
    this.offered = [];
    this.#chosen = chosen;
  }

  /** A fault beside the steps happens. */
  spend(): void {
    this.left--;
  }

  draw<Kind extends string>(what: string, faults: readonly Kind[]): Kind | undefined {
    const { strikes } = this.#kind;
    if (this.left === 0 || !strikes) return undefined;
    const possible = [...new Set(faults)].filter((fault) => strikes(what, fault));
    this.offered = [...this.offered, ...possible];
    const met = possible.find((fault) => fault === this.#chosen);
    if (met === undefined) return undefined;
    this.left--;
    if (met === 'TAKEN_FOR_DEAD') this.#onDeath();
    return met;
  }

  duration = (): number => ANY_TIME;

  longHistory(): boolean {
    return this.draw(' looks at its history', ['LONG_HISTORY']) !== undefined;
  }

  end(): void {
    this.left = 0;
  }

  get areUnused(): boolean {
    return this.left === this.#dealt;
  }
}
