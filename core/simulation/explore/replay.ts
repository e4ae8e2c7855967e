import type { ExploredWorld } from './explored-world.js';
import { moveOf } from './move.js';

export interface Replayed {
  /** The rules that are broken, at rest all of them. */
  readonly broken: readonly string[];
  readonly trace: readonly string[];
}

/** Makes the choices, as `textOf` has written them, in a new world. */
export async function replay(
  open: () => Promise<ExploredWorld>,
  choices: readonly string[],
): Promise<Replayed> {
  const world = await open();
  const broken = await brokenBy(async () => {
    for (const choice of choices) await world.take(moveOf(choice));
    return world.isAtRest ? world.parts.atRest() : world.parts.broken();
  });
  return { broken, trace: world.trace };
}

/** What is thrown on the way is a broken rule as well. */
export const brokenBy = (work: () => Promise<readonly string[]>): Promise<readonly string[]> =>
  work().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
