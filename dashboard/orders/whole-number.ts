export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What was typed, where it is a whole number within the bounds; undefined otherwise. */
export function wholeNumber(typed: string, { min, max }: Bounds): number | undefined {
  const value = Number(typed);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
