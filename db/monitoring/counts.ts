import { isFinal, orderStatuses, type OrderStatus } from '../../schemas/order-status.js';
import { reasons, type Reason } from '../../schemas/reasons.js';
import type { CountQuery, LabelledCountQuery, ShareQuery } from './queries.js';

const statusIn = (statuses: readonly OrderStatus[]): string =>
  `status in (${statuses.map((status) => `'${status}'`).join(', ')})`;

const each = <Value extends string>(
  column: 'status' | 'reason',
  values: readonly Value[],
): Readonly<Record<Value, string>> =>
  Object.fromEntries(values.map((value) => [value, `${column} = '${value}'`])) as Record<Value, string>;

const timeoutReasons = ['PAYMENT_TIMEOUT', 'INVENTORY_TIMEOUT', 'SAGA_TIMEOUT'] as const satisfies Reason[];

const EVERY_ORDER = 'true';
const FINAL = statusIn(orderStatuses.filter(isFinal));
const COMPLETED = `status = 'COMPLETED'`;
const FAILED = statusIn(['PAYMENT_FAILED', 'OUT_OF_STOCK']);
const PAID = 'paid_at is not null';
const REFUNDED = 'refunded_at is not null';

/** Conditions on the facts of an order. */
export const counts = {
  created: { where: EVERY_ORDER },
  final: { where: FINAL },
  paid: { where: PAID },
  compensations: { where: REFUNDED },
  reversals: { where: `reserved_at is not null and ${REFUNDED}` },
} as const satisfies Readonly<Record<string, CountQuery>>;

export const countsByLabel = {
  orders: { where: each('status', orderStatuses), column: 'status' },
  failures: { where: each('reason', reasons), column: 'reason' },
  timeouts: { where: { ...each('reason', timeoutReasons), NOTIFICATION_OVERDUE: 'overdue_at is not null' } },
} as const satisfies Readonly<Record<string, LabelledCountQuery>>;

export const shares = {
  compensationRate: { part: REFUNDED, of: PAID },
  completionRate: { part: COMPLETED, of: FINAL },
} as const satisfies Readonly<Record<string, ShareQuery>>;

/** For each bucket of the time series: the orders created in it, by what has become of them. */
export const seriesCounts = {
  created: EVERY_ORDER,
  completed: COMPLETED,
  failed: FAILED,
  refunded: REFUNDED,
} as const;
