import type { Moment } from './order-facts.js';

/** A monitoring point in words, and where it is shown; the kinds below add how it is computed. */
export interface Described {
  /** For those who run the system, and in Korean for the product owner. */
  readonly meaning: { readonly en: string; readonly ko: string };
  readonly unit: 'ms' | 's' | 'orders' | 'events' | 'signals' | 'entries' | 'share from 0 to 1';
  /** Where the answer of `GET /stats` has it. */
  readonly stats: string;
  readonly metric: Metric;
}

/** A family at `GET /metrics`. */
export interface Metric {
  readonly name: `order_saga_${string}`;
  /** A counter only ever grows; what can also shrink is a gauge. */
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What tells its samples apart. */
  readonly label?: string;
  /** Where several points share a family; else their meaning is its help. */
  readonly help?: string;
}

/** The time between two moments of an order. An order counts once, and only where it has both. */
export interface StepPoint extends Described {
  readonly from: Moment;
  readonly to: Moment;
  /** Upper bounds in ms, each included; what is longer than the last is counted beyond it. */
  readonly buckets: readonly number[];
}

/** How many orders there are for which a condition on the facts of an order holds. */
export interface CountPoint extends Described {
  readonly where: string;
}

/** The same, told apart: a condition for each value of the label. */
export interface CountsPoint extends Described {
  readonly where: Readonly<Record<string, string>>;
}

/** How many of the orders for which `of` holds are also such for which `part` holds; null where there are none. */
export interface SharePoint extends Described {
  readonly part: string;
  readonly of: string;
}

/** What is on record beside the orders: rows of `created_at` (of the order), `label` and `amount`. */
export interface RecordPoint extends Described {
  readonly rows: string;
  readonly labels: readonly string[];
}

/** How things are at this moment, whatever the window: one row of `amount`, or rows of `label` and `amount`. */
export interface StatePoint extends Described {
  readonly rows: string;
  readonly labels?: readonly string[];
}
