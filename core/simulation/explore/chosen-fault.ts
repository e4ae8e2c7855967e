import type { FaultSource } from '../faults.js';
import { ANY_TIME } from './stepped.js';

/** One kind of fault: where it can strike, and how often at most within a schedule. */
export interface FaultKind {
  readonly name: string;
  /** Whether a step can meet it: `what` is the step, `fault` one that it offers. */
  readonly strikes?: (what: string, fault: string) => boolean;
  /** Any step can be held up while time passes. */
  readonly holds?: boolean;
  /** What can befall a worker or a run at any moment. */
  readonly befalls?: 'CRASH' | 'TERMINATED' | readonly number[];
  /** Nothing is delivered once more because of it. */
  readonly isHarmless?: boolean;
  /** It can signal services that the step's words do not name. */
  readonly reachesAnybody?: boolean;
  /** What was confirmed can be lost, and sweeps have to find it. */
  readonly isLossy?: boolean;
}

export const NO_FAULT: FaultKind = { name: 'no fault' };

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
