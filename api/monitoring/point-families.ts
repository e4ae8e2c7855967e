import type { StepHistogram } from '../../db/monitoring/columns.js';
import type { Totals } from '../../db/monitoring/read-totals.js';
import { steps } from '../../db/monitoring/steps.js';
import type { Family, Labels, Sample } from '../../platform/exposition.js';
import type { Metric } from './points/point.js';
import { points } from './points/points.js';

/** The monitoring points as metrics. A family has no sample if there is nothing to measure. */
export function pointFamilies(totals: Totals): readonly Family[] {
  const families = new Map<string, Family>();
  for (const [point, { metric, meaning }] of Object.entries(points)) {
    const { name, type, help = meaning.en } = metric;
    const samples = samplesOf(point as keyof Totals, metric, totals);
    const earlier = families.get(name)?.samples ?? [];
    families.set(name, { name, type, help, samples: [...earlier, ...samples] });
  }
  return [...families.values()];
}

function samplesOf(name: keyof Totals, { label = '' }: Metric, totals: Totals): readonly Sample[] {
  if (isStep(name)) return histogramSamples(steps[name].buckets, { [label]: name }, totals[name]);
  const value = totals[name];
  if (value === null) return [];
  if (typeof value === 'number') return [{ value }];
  return Object.entries(value).map(([of, amount]) => ({ labels: { [label]: of }, value: amount }));
}

const isStep = (name: keyof Totals): name is keyof typeof steps => name in steps;

/** In seconds, by Prometheus' convention. */
function histogramSamples(
  buckets: readonly number[],
  labels: Labels,
  { count, sum, within }: StepHistogram,
): readonly Sample[] {
  const bounds = [...buckets.map((ms) => String(ms / 1_000)), '+Inf'];
  return [
    ...bounds.map((le, index) => ({
      suffix: '_bucket',
      labels: { ...labels, le },
      value: within[index] ?? count,
    })),
    { suffix: '_sum', labels, value: sum / 1_000 },
    { suffix: '_count', labels, value: count },
  ];
}
