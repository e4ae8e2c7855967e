/**
 * The fewest and tamest choices that still break a rule: parts of the list are left out or made tame (0), larger
 * parts first, for as long as that helps.
 */
export async function shrink(
  choices: readonly number[],
  stillBreaks: (choices: readonly number[]) => Promise<boolean>,
): Promise<readonly number[]> {
  let best = withoutTameEnd(choices);
  for (let size = Math.ceil(best.length / 2); size >= 1;) {
    const tamer = await firstThat(stillBreaks, tamerLists(best, size));
    if (tamer) best = withoutTameEnd(tamer);
    else size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}

async function firstThat<T>(
  holds: (item: T) => Promise<boolean>,
  items: Iterable<T>,
): Promise<T | undefined> {
  for (const item of items) if (await holds(item)) return item;
  return undefined;
}

/** The list without one part, or with that part tame; for every part of this size. */
function* tamerLists(choices: readonly number[], size: number): Iterable<readonly number[]> {
  for (let start = 0; start < choices.length; start += size) {
    const part = choices.slice(start, start + size);
    const [before, after] = [choices.slice(0, start), choices.slice(start + size)];
    yield [...before, ...after];
    if (part.some((choice) => choice !== 0)) yield [...before, ...part.map(() => 0), ...after];
  }
}

/** Choices that are not there are tame anyway. */
const withoutTameEnd = (choices: readonly number[]): readonly number[] =>
  choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1);
