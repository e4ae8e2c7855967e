import { counts, countsByLabel, shares } from './counts.js';
import type { CountName, LabelledCountName, ShareName, StepName } from './point-names.js';
import type { LabelledCountQuery, StepQuery } from './queries.js';
import { steps } from './steps.js';

/** A value for each point that is computed from the facts of orders: of a window, or of all. */
export type OrderMeasures<Step> = Readonly<
  Record<StepName, Step> &
    Record<CountName, number> & {
      [Name in LabelledCountName]: Amounts<keyof (typeof countsByLabel)[Name]['where']>;
    } & Record<ShareName, number | null>
>;

/** At run time also labels that only a newer release knows. */
export type Amounts<Label extends PropertyKey> = Readonly<Record<Label, number>>;

/** In ms. The percentiles are times that an order really took; null without orders. */
export interface StepPercentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** In ms. `within[i]` counts the orders that took at most the bound of bucket `i`. */
export interface StepHistogram {
  readonly count: number;
  readonly sum: number;
  readonly within: readonly number[];
}

/** Half of the orders took at most `p50`, 95 % at most `p95`. */
export const percentilesOf = (step: StepQuery): string =>
  json({
    count: `count(${took(step)})`,
    p50: millis(`percentile_disc(0.5) within group (order by ${took(step)})`),
    p95: millis(`percentile_disc(0.95) within group (order by ${took(step)})`),
  });

export const histogramOf = (step: StepQuery): string =>
  json({
    count: `count(${took(step)})`,
    sum: `coalesce(${millis(`sum(${took(step)})`)}, 0)`,
    within: `json_build_array(${step.buckets.map((ms) => countWhere(`${took(step)} <= interval '${ms} ms'`)).join(', ')})`,
  });

/** The columns of `OrderMeasures`, selected from `orderFacts`. */
export const orderColumns = (ofStep: (step: StepQuery) => string): string =>
  columns({
    ...each(steps, ofStep),
    ...each(counts, ({ where }) => countWhere(where)),
    ...each<LabelledCountQuery, string>(countsByLabel, countEach),
    ...each(shares, ({ part, of }) => `${countWhere(part)}::float8 / nullif(${countWhere(of)}, 0)`),
  });

/** The number of rows for each condition. */
export const countColumns = (conditions: Readonly<Record<string, string>>): string =>
  columns(each(conditions, countWhere));

/** Null if a moment is missing; 0 if the clock was set back between the two. */
const took = ({ from, to }: StepQuery): string =>
  `case when ${to} < ${from} then interval '0' else ${to} - ${from} end`;

const millis = (interval: string): string => `round(date_part('epoch', ${interval}) * 1000)`;

const countWhere = (condition: string): string => `count(*) filter (where ${condition})`;

function countEach({ where, column }: LabelledCountQuery): string {
  const known = json(each(where, countWhere), 'jsonb');
  if (column === undefined) return known;
  const labels = Object.keys(where).map((label) => `'${label}'`);
  return `${known} || (
    select coalesce(jsonb_object_agg(label, amount), '{}') from (
      select label, count(*) as amount
      from unnest(array_agg(${column}) filter (where ${column} not in (${labels.join(', ')}))) label
      group by label) newer)`;
}

const json = (values: Readonly<Record<string, string>>, type: 'json' | 'jsonb' = 'json'): string =>
  `${type}_build_object(${Object.entries(values)
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
