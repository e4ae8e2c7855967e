import type { Choices } from './choices.js';

/**
 * What can happen to the worker that runs a step. CRASH: it dies. TAKEN_FOR_DEAD: Temporal gives it up, and its step
 * still goes on. OUTAGE: the whole service is away for a while.
 */
export const workerFaults = ['CRASH', 'TAKEN_FOR_DEAD', 'OUTAGE'] as const;
export const transactionFaults = ['FAILS', 'ANSWER_LOST', 'HANGS', 'CONFLICT'] as const;
export const deliveryFaults = [
  'FAILS',
  'ANSWER_LOST',
  'TWICE',
  'LATER',
  'HANGS',
  'ALTERED',
  'ASTRAY',
] as const;
/** What Temporal never does by itself, and what it comes to where Temporal loses what it has confirmed. */
export const losses = ['LOST'] as const;

export type WorkerFault = (typeof workerFaults)[number];
export type TransactionFault = (typeof transactionFaults)[number];
export type DeliveryFault = (typeof deliveryFaults)[number];
export type Loss = (typeof losses)[number];

/** How a trace tells of a fault, after the step that it struck. A business adds its own. */
export const faultWords: Readonly<Record<string, string>> = {
  CRASH: 'its worker dies',
  TAKEN_FOR_DEAD: 'its worker is taken for dead, and goes on later all the same',
  OUTAGE: 'its worker dies, and for a while there is no other',
  FAILS: 'it fails',
  ANSWER_LOST: 'it is done, and the answer is lost',
  HANGS: 'it hangs, and is done when nobody waits for it any more',
  CONFLICT: 'it meets a conflict, and is tried again',
  TWICE: 'it is done twice',
  LATER: 'the answer is lost, and it is done once more later',
  SWALLOWED: 'it is done much later, though it seems done',
  ALTERED: 'an altered copy comes first',
  LOST: 'it seems done, and is lost',
  ASTRAY: 'a service that it is not meant for gets it first',
};

/** How much goes wrong in a world: drawn first, so that there are calm worlds and rough ones. */
export interface FaultProfile {
  /** The chance that another step than the longest waiting one comes next. */
  readonly roughness: number;
  /** The chance that a step fails in some way, as long as there are faults left. */
  readonly faultiness: number;
  readonly faults: number;
}

export function drawProfile(choices: Choices): FaultProfile {
  const one = <T>(tame: T, ...others: readonly T[]): T =>
    [tame, ...others][choices.pick(others.length + 1)] ?? tame;
  return {
    roughness: one(0, 0.05, 0.2, 0.5),
    faultiness: one(0, 0.02, 0.05, 0.15),
    faults: one(0, 1, 2, 3, 5, 8, 12),
  };
}

/** Where faults come from: by chance, or from a plan that names the point at which each happens. */
export interface FaultSource {
  /** One of these faults, or mostly none. */
  draw<Kind extends string>(point: string, faults: readonly Kind[]): Kind | undefined;
  /** A length of time in ms, from a moment to longer than any wait. */
  duration(): number;
  /** Whether Temporal finds a history long by now. That is no fault, and must change nothing. */
  longHistory(): boolean;
  /** From now on nothing fails any more. */
  end(): void;
  /** Whether everything has gone well so far. */
  readonly areUnused: boolean;
}

/** Deals out a world's faults; when they are used up, the world has time to recover. */
export class Faults implements FaultSource {
  readonly #choices: Choices;
  readonly #faultiness: number;
  readonly #durations: readonly number[];
  readonly #dealt: number;
  #left: number;

  /** `durations` in ms, from a moment to longer than any wait: some should end shortly before a wait does. */
  constructor(choices: Choices, { faultiness, faults }: FaultProfile, durations: readonly number[]) {
    this.#choices = choices;
    this.#durations = durations;
    this.#faultiness = faultiness;
    this.#dealt = faults;
    this.#left = faults;
  }

  draw<Kind extends string>(_: string, faults: readonly Kind[]): Kind | undefined {
    if (this.#left === 0) return undefined;
    const choice = this.#choices.rarely(this.#faultiness, faults.length + 1);
    if (choice === 0) return undefined;
    this.#left--;
    return faults[choice - 1];
  }

  get areUnused(): boolean {
    return this.#left === this.#dealt;
  }

  end(): void {
    this.#left = 0;
  }

  longHistory(): boolean {
    return this.#choices.rarely(this.#faultiness / 5, 2) === 1;
  }

  duration(): number {
    return this.#durations[this.#choices.pick(this.#durations.length)] ?? 0;
  }
}
