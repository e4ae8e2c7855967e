export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Parses a whole number within the bounds; undefined if it is none. */
export function wholeNumber(typed: string, { min, max }: Bounds): number | undefined {
  const value = Number(typed);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}
