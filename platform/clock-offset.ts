/** By how many ms a clock is ahead of ours, which we know only within bounds; negative where it is behind. */
export interface Offset {
  readonly least: number;
  readonly most: number;
}

/** A difference that nobody need care about, in ms. */
const TOLERATED_MS = 1_000;

/** The offset of a clock that was read at some moment between `from` and `to` of ours. */
export const offsetOf = (read: number, from: number, to: number): Offset => ({
  least: read - to,
  most: read - from,
});

/** Which of these clocks certainly differ by more than a second, pair by pair, in words. */
export function differences(clocks: Readonly<Record<string, Offset>>): readonly string[] {
  const all = Object.entries(clocks);
  return all.flatMap(([name, clock], index) =>
    all.slice(index + 1).flatMap(([other, reference]) => {
      const ahead = clock.least - reference.most;
      const behind = reference.least - clock.most;
      if (ahead > TOLERATED_MS) return [`${name} is ${inSeconds(ahead)} ahead of ${other}`];
      if (behind > TOLERATED_MS) return [`${name} is ${inSeconds(behind)} behind ${other}`];
      return [];
    }),
  );
}

const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
