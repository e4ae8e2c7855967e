import type { StepQuery } from './queries.js';

/** From a fast database to an operator's hour; the time limits of one, three, five and ten minutes are bounds. */
const buckets = [
  25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000,
  1_800_000, 3_600_000,
] as const;

/** Time per step, forward and back. */
export const steps = {
  createdToPaid: { from: 'created_at', to: 'paid_at', buckets },
  paidToReserved: { from: 'paid_at', to: 'reserved_at', buckets },
  reservedToTold: { from: 'reserved_at', to: 'told_at', buckets },
  toldToCompleted: { from: 'told_at', to: 'completed_at', buckets },
  paidToRefunded: { from: 'paid_at', to: 'refunded_at', buckets },
  cancelledToRefunded: { from: 'cancelled_at', to: 'cancellation_refunded_at', buckets },
} as const satisfies Readonly<Record<string, StepQuery>>;
