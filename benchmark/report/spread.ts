import { totalCpu, type Level, type Turn } from '../figures.js';

/** A figure over all rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [lower, upper] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (lower === undefined || upper === undefined) return undefined;
  return { median: (lower + upper) / 2, min: sorted[0] ?? lower, max: sorted.at(-1) ?? upper };
}

/** The turns of a run, asked by contender. */
export class Figures {
  readonly #turns: readonly Turn[];
  readonly #baseline: string;

  constructor(turns: readonly Turn[], baseline: string) {
    this.#turns = turns;
    this.#baseline = baseline;
  }

  of(contender: string, figure: (turn: Turn) => number | undefined): Spread | undefined {
    return spreadOf(
      this.#turnsOf(contender)
        .map(figure)
        .filter((value) => value !== undefined),
    );
  }

  /** Each round is compared with the baseline of the same round. Undefined where either has no such figure. */
  ratio(contender: string, figure: (turn: Turn) => number | undefined): Spread | undefined {
    const ratios = this.#turnsOf(contender).map((turn) => {
      const base = this.#turnsOf(this.#baseline).find(({ round }) => round === turn.round);
      const [value, baseValue] = [figure(turn), base && figure(base)];
      return value === undefined || baseValue === undefined || baseValue === 0
        ? undefined
        : value / baseValue;
    });
    return spreadOf(ratios.filter((ratio) => ratio !== undefined));
  }

  #turnsOf(contender: string): readonly Turn[] {
    return this.#turns.filter((turn) => turn.contender === contender);
  }
}

/** A figure of the level with so many orders in flight. */
export const at =
  (inFlight: number, figure: (level: Level) => number | undefined) =>
  ({ levels }: Turn): number | undefined => {
    const level = levels.find((one) => one.inFlight === inFlight);
    return level && figure(level);
  };

/** The highest throughput of all levels. */
export const mostOrdersPerSecond = ({ levels }: Turn): number =>
  Math.max(...levels.map(({ ordersPerSecond }) => ordersPerSecond));

export const cpu = (inFlight: number) => at(inFlight, totalCpu);
