import type { AttentionCode, OrderStatus } from '../../schemas/order-status.js';
import { request, withQuery } from '../api/request.js';

export interface StepTimes {
  readonly count: number;
  /** Milliseconds; null where nothing was measured. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The monitoring points of a window of time. */
export interface Stats {
  readonly from: string;
  readonly to: string;
  readonly steps: Readonly<Record<string, StepTimes>>;
  readonly compensations: { readonly paid: number; readonly count: number; readonly rate: number | null };
  readonly failures: Readonly<Record<string, number>>;
  readonly completionRate: number | null;
  readonly orders: Readonly<Record<OrderStatus, number>> & {
    readonly created: number;
    readonly final: number;
  };
  readonly timeouts: Readonly<Record<string, number>>;
  readonly reversals: number;
  readonly duplicatesDropped: number;
  readonly withoutEffect: number;
  readonly quarantined: number;
  readonly attention: number;
  readonly attentionByCode: Readonly<Record<AttentionCode | 'SIGNAL_QUARANTINED', number>>;
  readonly oldestOpenSeconds: number | null;
  readonly series: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly at: string;
  readonly created: number;
  readonly completed: number;
  readonly failed: number;
  readonly refunded: number;
}

export function loadStats(minutes: number, buckets: number): Promise<Stats> {
  const to = new Date();
  const from = new Date(to.getTime() - minutes * 60_000);
  return request<Stats>(withQuery('/stats', { from: from.toISOString(), to: to.toISOString(), buckets }));
}
