import type { DatabaseCount } from './counters/databases.js';
import type { HistorySize } from './counters/histories.js';

/** Whose CPU is told apart; the server is Temporal's, or what is in its place. The benchmark itself, which places the orders, is none of them. */
export const groups = ['server', 'its database', 'business database', 'workers', 'API'] as const;
export type Group = (typeof groups)[number];

export type PerGroup = Readonly<Partial<Record<Group, number>>>;

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

export const totalCpu = ({ cpuMs }: Pick<Level, 'cpuMs'>): number =>
  Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
