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

/** Scrapes within this time share one computation. */
const FRESH_MS = 5_000;
const WORKER_TIMEOUT_MS = 1_000;

type MetricsDependencies = Pick<ApiDependencies, 'pools' | 'workerMetricsUrls' | 'log'>;

/** Prometheus metrics: the monitoring points, this process, and the Temporal SDK's metrics of the workers. */
export function metricsResources(deps: MetricsDependencies): ResourceGroup {
  const exposition = shareFor(FRESH_MS, () => expose(deps));
  return {
    name: 'Metrics',
    description: 'Metrics for Prometheus.',
    resources: { '/metrics': { get: getMetrics(exposition) } },
  };
}

const getMetrics = (exposition: () => Promise<string>) =>
  operation({
    id: 'showMetrics',
    summary: 'Exposes the monitoring points, this process and the workers to Prometheus',
    responses: {
      200: { description: 'Prometheus’ text format', type: EXPOSITION_TYPE, body: z.string() },
    },
    handle: async () => ({ status: 200, body: await exposition() }),
  });

/** A part that does not respond is left out, and `order_saga_up` says so. */
async function expose(deps: MetricsDependencies): Promise<string> {
  const sources = await Promise.all([exposePoints(deps), ...exposeWorkers(deps)]);
  const up = upFamily(sources.map(({ part, exposition }) => [part, exposition !== undefined]));
  const available = sources.flatMap(({ exposition }) => exposition ?? []);
  return mergeExpositions([{ text: renderFamilies([up]) }, ...available, { text: await processMetrics() }]);
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
    log.warn({ err: error }, 'cannot compute the monitoring points');
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
  help: '1 if the database, or a worker in WORKER_METRICS_URLS, delivered its metrics; 0 if not.',
  samples: parts.map(([part, isUp]) => ({ labels: { part }, value: isUp ? 1 : 0 })),
});
