import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Every choice of a world, in order: which step comes next, which step fails. 0 is always the tame choice. The
 * choices made are kept, so that the very same world can be run again, or a tamer one by changing some to 0.
 */
export interface Choices {
  /** A number from 0 to `options - 1`, each as likely as the others. */
  pick(options: number): number;
  /** 0, or with this chance one of 1 to `options - 1`. */
  rarely(chance: number, options: number): number;
  readonly made: readonly number[];
}

/** The choices of a seed: the same seed always gives the same world. */
export function choicesOf(seed: number): Choices {
  const random = xoroshiro128plus(seed);
  const made: number[] = [];
  const keep = (choice: number) => {
    made.push(choice);
    return choice;
  };
  return {
    made,
    pick: (options) => keep(uniformInt(random, 0, options - 1)),
    rarely: (chance, options) =>
      keep(uniformInt(random, 0, PRECISION) < chance * PRECISION ? uniformInt(random, 1, options - 1) : 0),
  };
}

/** Choices made before, then only tame ones. One that is out of range now becomes the last option. */
export function choicesAgain(before: readonly number[]): Choices {
  const made: number[] = [];
  const next = (options: number) => {
    const choice = Math.min(before[made.length] ?? 0, options - 1);
    made.push(choice);
    return choice;
  };
  return { made, pick: next, rarely: (_, options) => next(options) };
}

const PRECISION = 1_000_000;
