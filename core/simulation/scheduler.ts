import type { Choices } from './choices.js';

/** Something that can happen next. */
interface Step {
  /** What it is, in plain words, for the story. */
  readonly what: string;
  readonly happen: () => void | Promise<void>;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

interface Interruption {
  readonly step: number;
  readonly happen: () => void;
}

/**
 * Decides what happens next, one step at a time, and owns the clock. Steps are kept in the order in which they
 * became possible; a rough world often takes another one than the first. When nothing is possible, time
 * passes until the next alarm.
 */
export class Scheduler {
  now = START;
  readonly #choices: Choices;
  readonly #roughness: number;
  readonly #tell: (what: string) => void;
  #possible: readonly Step[] = [];
  #alarms: readonly Alarm[] = [];
  #interruptions: readonly Interruption[] = [];
  #steps = 0;
  #unfinished = 0;
  #error: Error | undefined;

  /** `roughness` is the chance that the next step is not the one that has waited longest. */
  constructor(choices: Choices, roughness: number, tell: (what: string) => void) {
    this.#choices = choices;
    this.#roughness = roughness;
    this.#tell = tell;
  }

  /** Makes a step possible. */
  offer(what: string, happen: () => void | Promise<void>): void {
    this.#possible = [...this.#possible, { what, happen }];
  }

  /** Resolves when the step is chosen. */
  turn(what: string): Promise<void> {
    return new Promise((resolve) => this.offer(what, resolve));
  }

  /** Whether steps of others come between two statements: never in a calm world. */
  isInterleaved(): boolean {
    return this.#roughness > 0 && this.#choices.rarely(this.#roughness / 4, 2) === 1;
  }

  /** Rings in `ms` of the world's time; the result stops it. */
  in(ms: number, ring: () => void): () => void {
    const alarm = { at: this.now + Math.max(0, ms), ring };
    this.#alarms = [...this.#alarms, alarm].sort((one, other) => one.at - other.at);
    return () => (this.#alarms = this.#alarms.filter((other) => other !== alarm));
  }

  /** Rings in `ms` if it still holds then. */
  inCase(holds: () => boolean, ms: number, ring: () => void): void {
    this.in(ms, () => {
      if (holds()) ring();
    });
  }

  /** Happens before the step that comes so many steps later, or at rest where there are not so many. */
  interrupt(steps: number, happen: () => void): void {
    const interruption = { step: this.#steps + steps, happen };
    this.#interruptions = [...this.#interruptions, interruption].sort((one, other) => one.step - other.step);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.in(ms, resolve));
  }

  /** Lets no other step begin before this work is done; an error of it ends the run. */
  finish(work: Promise<void>): void {
    this.#unfinished++;
    work
      .catch((error: unknown) => (this.#error ??= error instanceof Error ? error : new Error(String(error))))
      .finally(() => this.#unfinished--);
  }

  /** Takes steps until nothing can happen any more, and counts them. Throws when that takes too long. */
  async run(): Promise<number> {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      this.#interrupt();
      if (this.#possible.length === 0 && this.#alarms.length === 0) return steps;
      await this.#next();
      do await quiet();
      while (this.#unfinished > 0);
      if (this.#error !== undefined) throw this.#error;
    }
    throw new Error(`the world does not come to rest within ${MAX_STEPS} steps`);
  }

  #interrupt(): void {
    const isAtRest = () => this.#possible.length === 0 && this.#alarms.length === 0;
    const [next] = this.#interruptions;
    if (!next || (next.step > this.#steps && !isAtRest())) return;
    this.#interruptions = this.#interruptions.slice(1);
    next.happen();
    this.#interrupt();
  }

  async #next(): Promise<void> {
    this.#steps++;
    const [alarm] = this.#alarms;
    const waiting = this.#possible.length;
    const options = waiting + (alarm && waiting > 0 ? 1 : 0);
    const choice = options > 1 ? this.#choices.rarely(this.#roughness, options) : 0;
    const step = this.#possible[choice];
    this.now += 1;
    if (step) {
      this.#possible = this.#possible.filter((other) => other !== step);
      this.#tell(step.what);
      await step.happen();
    } else if (alarm) {
      this.now = Math.max(this.now, alarm.at);
      this.#alarms = this.#alarms.slice(1);
      alarm.ring();
    }
  }
}

/** When every world begins. */
export const START = Date.UTC(2026, 0, 1);

/** Far above what a rough world takes, which is about 300. */
const MAX_STEPS = 5_000;

/** Everything that promises can do now has been done: what follows is up to the scheduler again. */
export const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
