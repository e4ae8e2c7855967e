import { moveOf, textOf, type ExploredWorld, type Move } from './explored-world.js';

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
  /** Partial order reduction; without it, every order of steps is tried. */
  readonly isReduced?: boolean;
  /** Fewest steps first: slower, and the first violation is the shortest. */
  readonly shortestFirst?: boolean;
  readonly mostMilliseconds?: number;
  readonly signal?: AbortSignal;
  /** Told every now and then. */
  readonly onProgress?: (counts: Counts) => void;
  /** Told of each end: its fingerprint. */
  readonly onEnd?: (fingerprint: string, world: ExploredWorld) => void;
  readonly onState?: (fingerprint: string, choices: readonly Move[]) => void;
}

/** A state on the way that is being tried, with what is left to try. */
interface Frame {
  moves: Move[];
  next: number;
  others: readonly Move[];
  isTentative: boolean;
}

/**
 * Tries every choice in every state, by depth-first search. A state is reached by making its choices again in a new
 * world, since code that waits cannot be copied; one that is known already is not tried a second time.
 */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  return new Search(options).run();
}

/** Makes the choices in a new world. Resolves with the rules that they break, at their end or, at rest, after it. */
export async function replay(
  open: () => Promise<ExploredWorld>,
  choices: readonly string[],
): Promise<{
  readonly broken: readonly string[];
  readonly trace: readonly string[];
  readonly world: ExploredWorld;
}> {
  const world = await open();
  const broken = await worded(async () => {
    for (const choice of choices) await world.take(moveOf(choice));
    return world.isAtRest ? [...world.parts.broken(), ...(await world.parts.atRest())] : world.parts.broken();
  });
  return { broken, trace: world.trace, world };
}

/** What is thrown on the way is a broken rule as well. */
const worded = (work: () => Promise<readonly string[]>): Promise<readonly string[]> =>
  work().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);

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
    const made = this.#path.map(({ moves, next }) => moves[next] as Move);
    const broken = await worded(async () => {
      for (const move of made.slice(0, -1)) await world.take(move);
      return made.length > 0 ? this.#step(world) : world.parts.broken();
    });
    if (broken.length > 0) return this.#report(world, broken);
    for (;;) {
      if (!this.#isNew(world)) return;
      const end = world.isAtRest ? await worded(() => world.parts.atRest()) : undefined;
      if (end) return end.length > 0 ? this.#report(world, end) : undefined;
      const { first, others, isTentative } = world.moves(this.#options.isReduced ?? true);
      this.#path.push({ moves: [...first], next: 0, others, isTentative });
      this.#depth = Math.max(this.#depth, this.#path.length);
      if (this.#path.length > MOST_STEPS) return this.#report(world, ['the world does not come to rest']);
      const after = await worded(() => this.#step(world));
      if (after.length > 0) return this.#report(world, after);
    }
  }

  /** Makes the last choice of the path, and learns what else there was to choose. */
  async #step(world: ExploredWorld): Promise<readonly string[]> {
    const frame = this.#path.at(-1) as Frame;
    const move = frame.moves[frame.next] as Move;
    this.#transitions++;
    const service = frame.isTentative && move.kind === 'step' ? world.serviceAt(move.index) : undefined;
    const closings = service === undefined ? 0 : world.closingsOf(service);
    const offered = await world.take(move);
    if (move.kind === 'step' && move.fault === undefined)
      frame.moves.push(...offered.map((fault): Move => ({ ...move, fault })));
    if (service !== undefined && world.closingsOf(service) > closings) {
      frame.isTentative = false;
      frame.moves.push(...frame.others);
    }
    return world.parts.broken();
  }

  #isNew(world: ExploredWorld): boolean {
    const fingerprint = world.fingerprint();
    if (this.#known.has(fingerprint)) return false;
    this.#known.add(fingerprint);
    if (world.isAtRest) {
      this.#ends.add(fingerprint);
      this.#options.onEnd?.(fingerprint, world);
    }
    return true;
  }

  #report(world: ExploredWorld, broken: readonly string[]): void {
    const choices = this.#path.map(({ moves, next }) => textOf(moves[next] as Move));
    this.#violation = { rule: broken[0] ?? '', choices, trace: [...world.trace] };
  }

  /** To the next choice that was not made yet; false where there is none. */
  #backtrack(): boolean {
    while (this.#path.length > 0) {
      const frame = this.#path.at(-1) as Frame;
      frame.next++;
      if (frame.next < frame.moves.length) return true;
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
