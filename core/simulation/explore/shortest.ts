import type { Violation } from './explore.js';
import type { ExploredWorld } from './explored-world.js';
import { Frame } from './frame.js';
import { textOf, type Move } from './move.js';
import { brokenBy } from './replay.js';

/** A schedule, as the last of its moves and the schedule before. */
interface Way {
  readonly before: Way | undefined;
  readonly move: Move;
}

/**
 * The shortest schedule that breaks a rule, by breadth-first search; undefined where none does. It makes each schedule
 * from the beginning, and so takes longer than `explore`, which finds any one.
 */
export async function shortestViolation(open: () => Promise<ExploredWorld>): Promise<Violation | undefined> {
  const known = new Set<string>();
  let ways: readonly (Way | undefined)[] = [undefined];
  while (ways.length > 0) {
    const longer: Way[] = [];
    for (const way of ways) {
      const found = await extend(open, way, known, longer);
      if (found) return found;
    }
    ways = longer;
  }
  return undefined;
}

/** Tries what can follow the way, and notes what leads to a state that was not known. */
async function extend(
  open: () => Promise<ExploredWorld>,
  way: Way | undefined,
  known: Set<string>,
  longer: Way[],
): Promise<Violation | undefined> {
  let world = await made(open, way);
  const frame = new Frame(world.moves(true));
  do {
    world = await made(open, way);
    const next: Way = { before: way, move: frame.chosen };
    const broken = await brokenBy(async () => {
      await frame.takeChosen(world);
      if (world.parts.broken().length > 0 || isKnown(world, known)) return world.parts.broken();
      if (world.isAtRest) return world.parts.atRest();
      longer.push(next);
      return [];
    });
    const [rule] = broken;
    if (rule !== undefined) return { rule, choices: movesOf(next).map(textOf), trace: world.trace };
  } while (frame.advance());
  return undefined;
}

async function made(open: () => Promise<ExploredWorld>, way: Way | undefined): Promise<ExploredWorld> {
  const world = await open();
  for (const move of movesOf(way)) await world.take(move);
  return world;
}

function isKnown(world: ExploredWorld, known: Set<string>): boolean {
  const fingerprint = world.fingerprint();
  if (known.has(fingerprint)) return true;
  known.add(fingerprint);
  return false;
}

function movesOf(way: Way | undefined): readonly Move[] {
  const moves: Move[] = [];
  for (let last = way; last; last = last.before) moves.push(last.move);
  return moves.reverse();
}
