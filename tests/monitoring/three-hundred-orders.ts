import { expect } from 'vitest';
import type { StepName } from '../../db/monitoring/point-names.js';
import { attentionCodes, orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
import { services } from '../../schemas/services.js';
import { seedShop, type TestDatabase } from '../support/database.js';
import { plan, type PlannedOrder } from './planned-orders.js';
import { Story } from './story.js';

/** The first order is created then, each further one 90 seconds after the previous. */
export const FIRST = Math.floor(Date.now() / 1_000) * 1_000 - 12 * 3_600_000;
export const EVERY = 90_000;

export const orders: readonly PlannedOrder[] = plan.flatMap(([count, kind]) =>
  Array.from({ length: count }, (_, number) => kind(number)),
);

/** Runs all 300 orders through the real effects on PostgreSQL. */
export async function liveThemAll(db: TestDatabase): Promise<void> {
  await seedShop(db.owner);
  await db.owner.query(`update payment.wallets set balance = 1e9 where customer_id = 'alice'`);
  const stories = orders.map(({ options, live }, index) => ({
    createdAt: FIRST + index * EVERY,
    options,
    live,
  }));
  const liveTheNext = async (): Promise<void> => {
    for (let next = stories.pop(); next; next = stories.pop())
      await next.live(new Story(db, { createdAt: next.createdAt, ...next.options }));
  };
  await Promise.all([liveTheNext(), liveTheNext(), liveTheNext(), liveTheNext()]);
}

// The figures of the plan, counted without SQL.

const countOf = (holds: (order: PlannedOrder) => unknown) => orders.filter(holds).length;
const countEach = <Key extends string>(
  keys: readonly Key[],
  holds: (order: PlannedOrder, key: Key) => unknown,
) =>
  Object.fromEntries(keys.map((key) => [key, countOf((order) => holds(order, key))])) as Record<Key, number>;
export const sumEach = (of: 'repeats' | 'ineffective' | 'quarantined') =>
  Object.fromEntries(
    services.map((service) => [service, orders.reduce((sum, order) => sum + (order[of]?.[service] ?? 0), 0)]),
  );
const sum = (amounts: Readonly<Record<string, number>>) =>
  Object.values(amounts).reduce((all, one) => all + one, 0);
export const tookFor = (step: StepName) =>
  orders.flatMap(({ took }) => took[step] ?? []).sort((one, other) => one - other);

const isPaid = ({ took }: PlannedOrder) => took.createdToPaid !== undefined;
const isRefunded = ({ took }: PlannedOrder) => took.paidToRefunded !== undefined;
const isFinal = ({ status }: PlannedOrder) =>
  ['COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK'].includes(status);
const isCompleted = ({ status }: PlannedOrder) => status === 'COMPLETED';
const isFailed = ({ reason }: PlannedOrder) => reason !== undefined;

const oldestOpenAt = FIRST + EVERY * orders.findIndex((order) => !isFinal(order));

/** The age must be one that the oldest open order has had since the request, in whole seconds. */
export function expectAgeOfOldestOpen(seconds: number, askedAt: number): void {
  const ageAt = (moment: number) => Math.floor((moment - oldestOpenAt) / 1_000);
  expect(seconds).toBeGreaterThanOrEqual(ageAt(askedAt));
  expect(seconds).toBeLessThanOrEqual(ageAt(Date.now()));
}

/** What has become of some of the orders, as an entry of the time series counts it. */
export const countSeries = (some: readonly PlannedOrder[]) => ({
  created: some.length,
  completed: some.filter(isCompleted).length,
  failed: some.filter(isFailed).length,
  refunded: some.filter(isRefunded).length,
});

export const byReason = countEach(reasons, ({ reason }, wanted) => reason === wanted);
const { PAYMENT_TIMEOUT, INVENTORY_TIMEOUT, SAGA_TIMEOUT } = byReason;
const NOTIFICATION_OVERDUE = countOf(({ isOverdue }) => isOverdue);
const attentionByCode = Object.fromEntries(
  [...attentionCodes, 'SIGNAL_QUARANTINED'].map((code) => [
    code,
    orders.flatMap(({ attention = [] }) => attention).filter((open) => open === code).length,
  ]),
);
export const expected = {
  compensations: {
    paid: countOf(isPaid),
    count: countOf(isRefunded),
    rate: countOf(isRefunded) / countOf(isPaid),
  },
  failures: byReason,
  completionRate: countOf(isCompleted) / countOf(isFinal),
  orders: {
    created: 300,
    final: countOf(isFinal),
    ...countEach(orderStatuses, ({ status }, wanted) => status === wanted),
  },
  timeouts: { PAYMENT_TIMEOUT, INVENTORY_TIMEOUT, SAGA_TIMEOUT, NOTIFICATION_OVERDUE },
  reversals: countOf(({ isReversed }) => isReversed),
  duplicatesDropped: sum(sumEach('repeats')),
  withoutEffect: sum(sumEach('ineffective')),
  quarantined: sum(sumEach('quarantined')),
  attention: countOf(({ attention = [] }) => attention.length > 0),
  attentionByCode,
};
