/**
 * The fewest and tamest choices that still break a rule: parts of the list are left out or made tame (0), larger
 * parts first, for as long as that helps.
 */
export async function shrink(
  choices: readonly number[],
  stillBreaks: (choices: readonly number[]) => Promise<boolean>,
): Promise<readonly number[]> {
  let best = withoutTameEnd(choices);
  for (let size = Math.ceil(best.length / 2), hasHelped = false; size >= 1;) {
    hasHelped = false;
    for (let start = 0; start < best.length; start += size)
      for (const tamer of tamerLists(best, start, size))
        if (await stillBreaks(tamer)) {
          best = withoutTameEnd(tamer);
          hasHelped = true;
          break;
        }
    if (!hasHelped || size > 1) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}

function tamerLists(choices: readonly number[], start: number, size: number): readonly (readonly number[])[] {
  const [before, part, after] = [
    choices.slice(0, start),
    choices.slice(start, start + size),
    choices.slice(start + size),
  ];
  if (part.length === 0) return [];
  const isTame = part.every((choice) => choice === 0);
  return [[...before, ...after], ...(isTame ? [] : [[...before, ...part.map(() => 0), ...after]])];
}

/** Choices that are not there are tame anyway. */
const withoutTameEnd = (choices: readonly number[]): readonly number[] =>
  choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1);
