import type { Moment } from './order-facts.js';

/** The time between two moments of an order. An order counts once, and only if it has both. */
export interface StepQuery {
  readonly from: Moment;
  readonly to: Moment;
  /** Inclusive upper bounds in ms of the histogram; longer times count beyond the last. */
  readonly buckets: readonly number[];
}

/** The number of orders whose facts meet a condition. */
export interface CountQuery {
  readonly where: string;
}

/** A number of orders for each label, each with its own condition. */
export interface LabelledCountQuery {
  readonly where: Readonly<Record<string, string>>;
  /** The column that holds the label. Its other values, which only a newer release knows, are counted by name. */
  readonly column?: 'status' | 'reason';
}

/** The share of orders meeting `part` among those meeting `of`; null if there are none. */
export interface ShareQuery {
  readonly part: string;
  readonly of: string;
}

/** Records about orders: rows of `created_at` (of the order), `label` and `amount`. */
export interface RecordQuery {
  readonly rows: string;
  /** The labels that are always shown. */
  readonly labels: readonly string[];
}

/** The state right now, independent of any window: one row of `amount`, or rows of `label` and `amount`. */
export interface StateQuery {
  readonly rows: string;
  readonly labels?: readonly string[];
}
