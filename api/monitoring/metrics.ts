import { z } from 'zod';
import { readTotals } from '../../db/monitoring/read-totals.js';
import {
  EXPOSITION_TYPE,
  mergeExpositions,
  renderFamilies,
  type Exposition,
  type Family,
} from '../../platform/exposition.js';
import { processMetrics } from '../../platform/process-metrics.js';
import { scrape } from '../../platform/scrape.js';
import { shareFor } from '../../platform/shared-computation.js';
import type { ApiDependencies } from '../dependencies.js';
import type { ResourceGroup } from '../http/router.js';
import { operation } from '../http/operation.js';
import { pointFamilies } from './point-families.js';

/** Those who scrape within so many ms get the same numbers. */
const FRESH_MS = 5_000;
const WORKER_TIMEOUT_MS = 1_000;

type MetricsDependencies = Pick<ApiDependencies, 'pools' | 'workerMetricsUrls' | 'log'>;

/** Prometheus metrics: the monitoring points, this process, and what Temporal's SDK measures in the workers. */
export function metricsResources(deps: MetricsDependencies): ResourceGroup {
  const exposition = shareFor(FRESH_MS, () => expose(deps));
  return {
    name: 'Metrics',
    description: 'For Prometheus.',
    resources: { '/metrics': { get: showMetrics(exposition) } },
  };
}

const showMetrics = (exposition: () => Promise<string>) =>
  operation({
    id: 'showMetrics',
    summary: 'Shows the monitoring points, this process and the workers to Prometheus',
    responses: {
      200: { description: 'Prometheus’ text format', type: EXPOSITION_TYPE, body: z.string() },
    },
    handle: async () => ({ status: 200, body: await exposition() }),
  });

/** A part that does not answer is left out, and `order_saga_up` says so. */
async function expose(deps: MetricsDependencies): Promise<string> {
  const sources = await Promise.all([exposePoints(deps), ...exposeWorkers(deps)]);
  const up = upFamily(sources.map(({ part, exposition }) => [part, exposition !== undefined]));
  const answered = sources.flatMap(({ exposition }) => exposition ?? []);
  return mergeExpositions([{ text: renderFamilies([up]) }, ...answered, { text: await processMetrics() }]);
}

interface Source {
  readonly part: string;
  readonly exposition: Exposition | undefined;
}

async function exposePoints({ pools, log }: MetricsDependencies): Promise<Source> {
  const part = 'database';
  try {
    const totals = await readTotals(pools.observer);
    return { part, exposition: { text: renderFamilies(pointFamilies(totals)) } };
  } catch (error) {
    log.warn({ err: error }, 'the monitoring points cannot be computed');
    return { part, exposition: undefined };
  }
}

const exposeWorkers = ({ workerMetricsUrls = {} }: MetricsDependencies): readonly Promise<Source>[] =>
  Object.entries(workerMetricsUrls).map(async ([service, url]) => {
    const text = await scrape(url, WORKER_TIMEOUT_MS);
    return { part: service, exposition: text === undefined ? undefined : { text, labels: { service } } };
  });

const upFamily = (parts: readonly (readonly [part: string, isUp: boolean])[]): Family => ({
  name: 'order_saga_up',
  type: 'gauge',
  help: 'Whether the database, and each worker that WORKER_METRICS_URLS names, has told its numbers: 1, or 0 if not.',
  samples: parts.map(([part, isUp]) => ({ labels: { part }, value: isUp ? 1 : 0 })),
});
