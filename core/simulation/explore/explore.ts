import type { ExploredWorld } from './explored-world.js';
import { Frame } from './frame.js';
import { textOf } from './move.js';
import { brokenBy } from './replay.js';

export interface Counts {
  /** Different ones, by their fingerprints. */
  readonly states: number;
  readonly transitions: number;
  /** Ways through, from the beginning to rest or to a state that was known already. */
  readonly schedules: number;
  /** Different states at rest. */
  readonly ends: number;
  /** Steps of the longest schedule. */
  readonly depth: number;
}

export interface Violation {
  readonly rule: string;
  readonly choices: readonly string[];
  readonly trace: readonly string[];
}

export interface Exploration extends Counts {
  readonly milliseconds: number;
  /** Whether every state was reached that there is. */
  readonly isComplete: boolean;
  readonly violation: Violation | undefined;
}

export interface ExploreOptions {
  /** A new world, before its first step. */
  readonly open: () => Promise<ExploredWorld>;
  /** Leaves out steps that commute with those that are tried (`reduction.ts`): the default. */
  readonly isReduced?: boolean;
  readonly mostMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** Told every now and then. */
  readonly onProgress?: (counts: Counts) => void;
  /** Told of each end: its fingerprint. */
  readonly onEnd?: (fingerprint: string, world: ExploredWorld) => void;
  /** Told of each state that is reached, for the first time or again, and by which choices. */
  readonly onState?: (fingerprint: string, choices: readonly string[]) => void;
}

/**
 * Tries every choice in every state, by depth-first search. A state is reached by making its choices again in a new
 * world, since code that waits cannot be copied; one that is known already is not tried a second time.
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  return new Search(options).run();
}

class Search {
  readonly #options: ExploreOptions;
  readonly #known = new Set<string>();
  readonly #ends = new Set<string>();
  readonly #startedAt = Date.now();
  #path: Frame[] = [];
  #transitions = 0;
  #schedules = 0;
  #depth = 0;
  #violation: Violation | undefined;
  #toldAt = 0;

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  async run(): Promise<Exploration> {
    let isOver = false;
    while (!isOver && !this.#isStopped) {
      await this.#oneSchedule();
      isOver = !this.#backtrack();
      this.#tell();
    }
    const isComplete = isOver && this.#violation === undefined;
    return {
      ...this.#counts,
      isComplete,
      milliseconds: Date.now() - this.#startedAt,
      violation: this.#violation,
    };
  }

  get #counts(): Counts {
    return {
      states: this.#known.size,
      transitions: this.#transitions,
      schedules: this.#schedules,
      ends: this.#ends.size,
      depth: this.#depth,
    };
  }

  get #choices(): readonly string[] {
    return this.#path.map(({ chosen }) => textOf(chosen));
  }

  get #isStopped(): boolean {
    const { signal, mostMilliseconds = Infinity } = this.#options;
    return (
      this.#violation !== undefined ||
      signal?.aborted === true ||
      Date.now() - this.#startedAt > mostMilliseconds
    );
  }

  /** Makes the choices of the path again, then goes on until rest or a state that is known. */
  async #oneSchedule(): Promise<void> {
    const world = await this.#options.open();
    this.#schedules++;
    const made = this.#path.map(({ chosen }) => chosen);
    const broken = await brokenBy(async () => {
      for (const move of made.slice(0, -1)) await world.take(move);
      return made.length > 0 ? this.#step(world) : world.parts.broken();
    });
    if (broken.length > 0) return this.#report(world, broken);
    for (;;) {
      if (!this.#isNew(world)) return;
      const end = world.isAtRest ? await brokenBy(() => world.parts.atRest()) : undefined;
      if (end) return end.length > 0 ? this.#report(world, end) : undefined;
      this.#path.push(new Frame(world.moves(this.#options.isReduced ?? true)));
      this.#depth = Math.max(this.#depth, this.#path.length);
      if (this.#path.length > MOST_STEPS) return this.#report(world, ['the world does not come to rest']);
      const after = await brokenBy(() => this.#step(world));
      if (after.length > 0) return this.#report(world, after);
    }
  }

  /** Makes the last choice of the path. */
  async #step(world: ExploredWorld): Promise<readonly string[]> {
    this.#transitions++;
    await (this.#path.at(-1) as Frame).takeChosen(world);
    return world.parts.broken();
  }

  #isNew(world: ExploredWorld): boolean {
    const fingerprint = world.fingerprint();
    this.#options.onState?.(fingerprint, this.#choices);
    if (this.#known.has(fingerprint)) return false;
    this.#known.add(fingerprint);
    if (world.isAtRest) {
      this.#ends.add(fingerprint);
      this.#options.onEnd?.(fingerprint, world);
    }
    return true;
  }

  #report(world: ExploredWorld, broken: readonly string[]): void {
    this.#violation = { rule: broken[0] ?? '', choices: this.#choices, trace: [...world.trace] };
  }

  /** To the next choice that was not made yet; false where there is none. */
  #backtrack(): boolean {
    while (this.#path.length > 0) {
      if (this.#path.at(-1)?.advance()) return true;
      this.#path.pop();
    }
    return false;
  }

  #tell(): void {
    if (Date.now() - this.#toldAt < 1_000) return;
    this.#toldAt = Date.now();
    this.#options.onProgress?.(this.#counts);
  }
}

const MOST_STEPS = 1_000;
