import { explore, type ExploreOptions } from './explore.js';
import type { ExploredWorld } from './explored-world.js';
import { moveOf, textOf, type Move } from './move.js';

export interface SelfCheck {
  /** States of equal fingerprints, reached by different choices, whose successors were compared. */
  readonly compared: number;
  /** Two such lists of choices for each state whose successors differ. */
  readonly differing: readonly (readonly [readonly string[], readonly string[]])[];
}

/**
 * Whether a fingerprint says all that matters: of states that are taken for the same, every `each`th is reached in both
 * ways, and whatever can be done in one must lead to the same states as in the other.
 */
export async function checkFingerprints(options: ExploreOptions, each: number): Promise<SelfCheck> {
  const first = new Map<string, readonly string[]>();
  const again: [string, readonly string[]][] = [];
  let met = 0;
  await explore({
    ...options,
    onState: (fingerprint, choices) => {
      if (!first.has(fingerprint)) first.set(fingerprint, choices);
      else if (++met % each === 0) again.push([fingerprint, choices]);
    },
  });
  const differing: [readonly string[], readonly string[]][] = [];
  for (const [fingerprint, choices] of again) {
    const known = first.get(fingerprint) ?? [];
    const [one, other] = [await successors(options.open, known), await successors(options.open, choices)];
    if (one.join() !== other.join()) differing.push([known, choices]);
  }
  return { compared: again.length, differing };
}

/** The fingerprints of all that can follow. */
async function successors(
  open: () => Promise<ExploredWorld>,
  choices: readonly string[],
): Promise<readonly string[]> {
  const begin = async () => {
    const world = await open();
    for (const choice of choices) await world.take(moveOf(choice));
    return world;
  };
  const follow = async (move: Move) => {
    const world = await begin();
    const offered = await world.take(moveOf(textOf(move)));
    return { fingerprint: world.fingerprint(), offered };
  };
  const found = new Set<string>();
  const left = [...(await begin()).moves(false).first];
  for (let move = left.pop(); move; move = left.pop()) {
    const { fingerprint, offered } = await follow(move);
    found.add(fingerprint);
    if (move.kind === 'step' && move.fault === undefined) {
      const { index } = move;
      left.push(...offered.map((fault): Move => ({ kind: 'step', index, fault })));
    }
  }
  return [...found].sort();
}
