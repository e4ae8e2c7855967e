import { percentile } from '../../tools/growth/measures.js';
import type { Level } from '../figures.js';
import type { EndedOrder } from '../load/load.js';
import type { DatabaseCount } from './databases.js';
import type { Usage } from './meter.js';

/** What each of the orders took. */
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
