import type { EpochMillis } from '../../core/event.js';
import type { Pool } from '../../core/postgres/pool.js';
import {
  countColumns,
  orderColumns,
  percentilesOf,
  type OrderMeasures,
  type StepPercentiles,
} from './columns.js';
import { seriesCounts } from './counts.js';
import { orderFacts } from './order-facts.js';
import { readRecords, type RecordMeasures } from './read-records.js';

/** Orders created from `from` (inclusive) to `to` (exclusive), and into how many parts `series` divides the time. */
export interface StatsQuery {
  readonly from: EpochMillis;
  readonly to: EpochMillis;
  readonly buckets: number;
}

export interface Stats {
  readonly measures: OrderMeasures<StepPercentiles> & RecordMeasures;
  readonly series: readonly SeriesEntry[];
}

/** The orders created from `at` until the next entry. */
export type SeriesEntry = Readonly<Record<keyof typeof seriesCounts, number>> & { readonly at: EpochMillis };

/** All monitoring points for the orders created in a window. */
export async function readStats(pool: Pool, query: StatsQuery): Promise<Stats> {
  const window = [new Date(query.from), new Date(query.to)];
  const [ofOrders, ofRecords] = await Promise.all([
    readOrders(pool, query, window),
    readRecords(pool, isInWindow('created_at'), window),
  ]);
  return { measures: { ...ofOrders.measures, ...ofRecords }, series: ofOrders.series };
}

async function readOrders(pool: Pool, query: StatsQuery, window: readonly Date[]) {
  const starts = bucketStarts(query);
  const { rows } = await pool.query<{
    measures: OrderMeasures<StepPercentiles>;
    series: readonly (Omit<SeriesEntry, 'at'> & { readonly bucket: number })[];
  }>(selectStats, [...window, starts.map((at) => new Date(at))]);
  const [found] = rows;
  if (!found) throw new Error('the query of the monitoring points returned no row');
  const filled = new Map(found.series.map(({ bucket, ...counted }) => [bucket, counted]));
  const series = starts.map((at, index) => ({ at, ...(filled.get(index + 1) ?? noOrders) }));
  return { measures: found.measures, series };
}

/** At most one per millisecond. Lengths differ by at most a millisecond. */
function bucketStarts({ from, to, buckets }: StatsQuery): readonly EpochMillis[] {
  const length = Math.min(buckets, to - from);
  return Array.from(
    { length },
    (_, index) => (from + Math.floor((index * (to - from)) / length)) as EpochMillis,
  );
}

const noOrders = { created: 0, completed: 0, failed: 0, refunded: 0 };

const isInWindow = (createdAt: string): string =>
  `${createdAt} >= $1::timestamptz and ${createdAt} < $2::timestamptz`;

const selectStats = `
  with facts as (${orderFacts(isInWindow('placed.created_at'))})
  select
    (select row_to_json(measured) from (select ${orderColumns(percentilesOf)} from facts) measured) as measures,
    (select coalesce(json_agg(counted), '[]') from (
      select width_bucket(created_at, $3::timestamptz[]) as bucket, ${countColumns(seriesCounts)}
      from facts group by bucket) counted) as series`;
