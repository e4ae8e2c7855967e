import { counts, countsByLabel, shares } from './counts.js';
import type { StepPoint } from './point.js';
import type { CountName, LabelledCountName, ShareName, StepName } from './points.js';
import { steps } from './steps.js';

/** What the orders of a window, or all of them, come to: a value for each point that is computed from their facts. */
export type OrderMeasures<Step> = Readonly<
  Record<StepName, Step> &
    Record<CountName, number> & {
      [Name in LabelledCountName]: Amounts<keyof (typeof countsByLabel)[Name]['where']>;
    } & Record<ShareName, number | null>
>;

export type Amounts<Label extends PropertyKey> = Readonly<Record<Label, number>>;

/** In ms; the percentiles are times that an order took, and null where none did. */
export interface StepPercentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** In ms; `within[i]` counts the orders that took no longer than the point's bucket `i`. */
export interface StepHistogram {
  readonly count: number;
  readonly sum: number;
  readonly within: readonly number[];
}

/** Half of the orders took no longer than `p50`, 95 of 100 no longer than `p95`. */
export const percentilesOf = (point: StepPoint): string =>
  json({
    count: `count(${took(point)})`,
    p50: millis(`percentile_disc(0.5) within group (order by ${took(point)})`),
    p95: millis(`percentile_disc(0.95) within group (order by ${took(point)})`),
  });

export const histogramOf = (point: StepPoint): string =>
  json({
    count: `count(${took(point)})`,
    sum: `coalesce(${millis(`sum(${took(point)})`)}, 0)`,
    within: `json_build_array(${point.buckets.map((ms) => countWhere(`${took(point)} <= interval '${ms} ms'`)).join(', ')})`,
  });

/** The columns of `OrderMeasures`, to be selected from `orderFacts`. */
export const orderColumns = (ofStep: (point: StepPoint) => string): string =>
  columns({
    ...each(steps, ofStep),
    ...each(counts, ({ where }) => countWhere(where)),
    ...each(countsByLabel, ({ where }) => json(each(where, countWhere))),
    ...each(shares, ({ part, of }) => `${countWhere(part)}::float8 / nullif(${countWhere(of)}, 0)`),
  });

/** A number of rows for each condition. */
export const countColumns = (conditions: Readonly<Record<string, string>>): string =>
  columns(each(conditions, countWhere));

/** Null where a moment is missing. A clock that was set back between the two makes it 0. */
const took = ({ from, to }: StepPoint): string =>
  `case when ${to} < ${from} then interval '0' else ${to} - ${from} end`;

const millis = (interval: string): string => `round(date_part('epoch', ${interval}) * 1000)`;

const countWhere = (condition: string): string => `count(*) filter (where ${condition})`;

const json = (values: Readonly<Record<string, string>>): string =>
  `json_build_object(${Object.entries(values)
    .map(([name, sql]) => `'${name}', ${sql}`)
    .join(', ')})`;

const columns = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, sql]) => `${sql} as "${name}"`)
    .join(',\n');

const each = <Value, Result>(
  record: Readonly<Record<string, Value>>,
  make: (value: Value) => Result,
): Record<string, Result> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
