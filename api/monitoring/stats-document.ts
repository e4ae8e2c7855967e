import { z } from 'zod';
import * as queries from '../../db/monitoring/counts.js';
import type { Stats, StatsQuery } from '../../db/monitoring/read-stats.js';
import * as recordQueries from '../../db/monitoring/records.js';
import { isoTime } from '../http/iso-time.js';
import { counts, countsByLabel, shares } from './points/counts.js';
import type { Point } from './points/point.js';
import { records, states } from './points/records.js';
import { steps } from './points/steps.js';

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as Key[];

const amount = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const step = z.strictObject({ count: amount, p50: amount.nullable(), p95: amount.nullable() });
const time = z.iso.datetime();

const each = <Key extends string, Schema extends z.ZodType>(keys: readonly Key[], schema: Schema) =>
  Object.fromEntries(keys.map((key) => [key, schema])) as Record<Key, Schema>;

/** By label; those that only a newer release knows may follow. */
const amountsOf = <Label extends string>(labels: readonly Label[]) => {
  type Amounts = Record<Label, number>;
  return z.object(each(labels, amount)).catchall(amount) as unknown as z.ZodType<Amounts, Amounts>;
};

const as = <Schema extends z.ZodType>({ meaning }: Point, schema: Schema) => schema.describe(meaning.en);

const { orders, failures, timeouts } = queries.countsByLabel;

/** Times per step are in ms; null means that there is nothing to measure. */
export const statsDocument = z.strictObject({
  from: time,
  to: time,
  steps: z.strictObject(each(keysOf(steps), step)),
  compensations: z.strictObject({
    paid: as(counts.paid, amount),
    count: as(counts.compensations, amount),
    rate: as(shares.compensationRate, share),
  }),
  failures: as(countsByLabel.failures, amountsOf(keysOf(failures.where))),
  completionRate: as(shares.completionRate, share),
  orders: as(countsByLabel.orders, amountsOf(['created', 'final', ...keysOf(orders.where)])),
  timeouts: as(countsByLabel.timeouts, amountsOf(keysOf(timeouts.where))),
  reversals: as(counts.reversals, amount),
  duplicatesDropped: as(records.duplicatesDropped, amount),
  withoutEffect: as(records.withoutEffect, amount),
  quarantined: as(records.quarantined, amount),
  attention: as(states.attention, amount),
  attentionByCode: as(states.attentionByCode, amountsOf(recordQueries.states.attentionByCode.labels)),
  oldestOpenSeconds: as(states.oldestOpenSeconds, amount.nullable()),
  series: z
    .array(z.strictObject({ at: time, ...each(keysOf(queries.seriesCounts), amount) }))
    .describe('The orders created from `at` until the next entry, by what has become of them.'),
});

export function statsJson(
  { from, to }: StatsQuery,
  { measures, series }: Stats,
): z.output<typeof statsDocument> {
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
    duplicatesDropped: sumOf(others.duplicatesDropped),
    withoutEffect: sumOf(others.withoutEffect),
    quarantined: sumOf(others.quarantined),
    attention: others.attention ?? 0,
    attentionByCode,
    oldestOpenSeconds: others.oldestOpenSeconds,
    series: series.map(({ at, ...counted }) => ({ at: isoTime(at), ...counted })),
  };
}

const sumOf = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, one) => sum + one, 0);

const pick = <Source, Key extends keyof Source & string>(source: Source, keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, source[key]])) as Pick<Source, Key>;
