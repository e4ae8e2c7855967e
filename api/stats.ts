import { z } from 'zod';
import { counts, countsByLabel, seriesCounts, shares } from '../db/monitoring/counts.js';
import type { Described } from '../db/monitoring/point.js';
import { readStats, type Stats, type StatsQuery } from '../db/monitoring/read-stats.js';
import { records, states } from '../db/monitoring/records.js';
import { steps } from '../db/monitoring/steps.js';
import type { Pool } from '../db/pool.js';
import type { EpochMillis } from '../schemas/ids.js';
import type { Face } from './http/face.js';
import { countTo } from './http/fields.js';
import { operation } from './http/operation.js';
import { Problem } from './http/problem.js';

const moment = z.iso
  .datetime({ offset: true, error: 'expected an RFC 3339 time such as 2026-01-31T09:00:00Z' })
  .transform((text) => Date.parse(text) as EpochMillis);

const statsQuery = z.strictObject({
  from: moment.optional().describe('Orders created from then on; a day before `to` where it is not given.'),
  to: moment.optional().describe('Orders created before then; now where it is not given.'),
  buckets: countTo(200).default(24).describe('Into how many parts `series` divides the time.'),
});

const amount = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const step = z.strictObject({ count: amount, p50: amount.nullable(), p95: amount.nullable() });
const time = z.iso.datetime();

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[];
const each = <Key extends string, Schema extends z.ZodType>(keys: readonly Key[], schema: Schema) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, schema])) as Record<Key, Schema>);
const amounts = <Key extends string>(keys: readonly Key[]) => each(keys, amount);
const as = <Schema extends z.ZodType>({ meaning }: Described, schema: Schema) => schema.describe(meaning.en);

/** Times per step are in ms; null stands where there is nothing to measure. */
export const statsAnswer = z.strictObject({
  from: time,
  to: time,
  steps: each(keysOf(steps), step),
  compensations: z.strictObject({
    paid: as(counts.paid, amount),
    count: as(counts.compensations, amount),
    rate: as(shares.compensationRate, share),
  }),
  failures: as(countsByLabel.failures, amounts(keysOf(countsByLabel.failures.where))),
  completionRate: as(shares.completionRate, share),
  orders: as(
    countsByLabel.orders,
    amounts(['created', 'final', ...keysOf(countsByLabel.orders.where)] as const),
  ),
  timeouts: as(countsByLabel.timeouts, amounts(keysOf(countsByLabel.timeouts.where))),
  reversals: as(counts.reversals, amount),
  duplicatesDropped: as(records.duplicatesDropped, amount),
  withoutEffect: as(records.withoutEffect, amount),
  quarantined: as(records.quarantined, amount),
  attention: as(states.attention, amount),
  attentionByCode: as(states.attentionByCode, amounts(states.attentionByCode.labels)),
  oldestOpenSeconds: as(states.oldestOpenSeconds, amount.nullable()),
  series: z
    .array(z.strictObject({ at: time, ...each(keysOf(seriesCounts), amount).shape }))
    .describe('Orders created from `at` until the next entry, and what has become of them.'),
});

type StatsAnswer = z.output<typeof statsAnswer>;

/** The monitoring points for the orders created in a window of time, and how these are spread over it. */
export const statsFace = (pool: Pool): Face => ({
  name: 'Monitoring',
  description: 'The monitoring points, which docs/monitoring-points.md defines.',
  resources: { '/stats': { get: showStats(pool) } },
});

const showStats = (pool: Pool) =>
  operation({
    id: 'showStats',
    summary: 'Shows the monitoring points for the orders created in a window of time',
    query: statsQuery,
    answers: { 200: { description: 'The points; times per step are in ms', body: statsAnswer } },
    handle: async ({ query }) => {
      const window = windowOf(query);
      return { status: 200, body: statsJson(window, await readStats(pool, window)) };
    },
  });

const DAY = 86_400_000;

function windowOf({ buckets, ...given }: z.output<typeof statsQuery>): StatsQuery {
  const to = given.to ?? (Date.now() as EpochMillis);
  const from = given.from ?? ((to - DAY) as EpochMillis);
  if (from < to) return { from, to, buckets };
  const detail = `expected a time before ${new Date(to).toISOString()}`;
  throw new Problem('malformed-request', `from: ${detail}`, { errors: [{ parameter: 'from', detail }] });
}

function statsJson({ from, to }: StatsQuery, { measures, series }: Stats): StatsAnswer {
  const { created, final, paid, compensations, compensationRate, ...others } = measures;
  const { failures, completionRate, orders, timeouts, reversals, attentionByCode } = others;
  return {
    from: isoTime(from),
    to: isoTime(to),
    steps: pick(measures, keysOf(steps)),
    compensations: { paid, count: compensations, rate: compensationRate },
    failures,
    completionRate,
    orders: { created, final, ...orders },
    timeouts,
    reversals,
    duplicatesDropped: total(others.duplicatesDropped),
    withoutEffect: total(others.withoutEffect),
    quarantined: total(others.quarantined),
    attention: others.attention ?? 0,
    attentionByCode,
    oldestOpenSeconds: others.oldestOpenSeconds,
    series: series.map(({ at, ...counted }) => ({ at: isoTime(at), ...counted })),
  };
}

const isoTime = (at: EpochMillis): string => new Date(at).toISOString();

const total = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, one) => sum + one, 0);

const pick = <Source, Key extends keyof Source & string>(source: Source, keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, source[key]])) as Pick<Source, Key>;
