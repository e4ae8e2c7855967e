import type { DatabaseCount } from './counters/databases.js';
import type { HistorySize } from './counters/histories.js';
import type { PerGroup, Usage } from './counters/meter.js';
import type { EndedOrder } from './load/load.js';
import { percentile } from '../tools/growth/measures.js';

/** What was measured while a number of orders was always in flight; all but latency and throughput is per order. */
export interface Level {
  readonly inFlight: number;
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly cpuMs: PerGroup;
  readonly business: DatabaseCount;
  readonly temporal: DatabaseCount | null;
}

/** One contender in one round. */
export interface Turn {
  readonly round: number;
  readonly contender: string;
  readonly levels: readonly Level[];
  /** Of the processes as they are after the last level. */
  readonly memoryBytes: PerGroup;
  /** Of one completed order; null without Temporal. */
  readonly history: HistorySize | null;
}

export function perOrder(
  { cpuMs, business, temporal }: Usage,
  ended: readonly EndedOrder[],
  seconds: number,
): Omit<Level, 'inFlight'> {
  const orders = ended.length;
  const times = ended.map(({ ms }) => ms);
  const share = ({ commits, walBytes }: DatabaseCount): DatabaseCount => ({
    commits: commits / orders,
    walBytes: walBytes / orders,
  });
  return {
    orders,
    ordersPerSecond: orders / seconds,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    cpuMs: Object.fromEntries(Object.entries(cpuMs).map(([group, ms]) => [group, ms / orders])),
    business: share(business),
    temporal: temporal ? share(temporal) : null,
  };
}

export const totalCpu = ({ cpuMs }: Pick<Level, 'cpuMs'>): number =>
  Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
