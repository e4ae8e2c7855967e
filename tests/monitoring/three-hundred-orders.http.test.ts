import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statsAnswer } from '../../api/stats.js';
import type { StepName } from '../../db/monitoring/points.js';
import { steps } from '../../db/monitoring/steps.js';
import { attentionCodes, orderStatuses } from '../../schemas/order-status.js';
import { reasons } from '../../schemas/reasons.js';
import { services } from '../../schemas/services.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { seedShop } from '../support/database.js';
import { parseExposition, valuesBy, type ParsedSample } from '../support/parse-exposition.js';
import { plan, type PlannedOrder } from './planned-orders.js';
import { Story } from './story.js';

/** The first is created then, and each other one a minute and a half after the one before. */
const FIRST = Math.floor(Date.now() / 1_000) * 1_000 - 12 * 3_600_000;
const EVERY = 90_000;

const orders: readonly PlannedOrder[] = plan.flatMap(([count, kind]) =>
  Array.from({ length: count }, (_, number) => kind(number)),
);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedShop(api.db.owner);
  await api.db.owner.query(`update payment.wallets set balance = 1e9 where customer_id = 'alice'`);
  const stories = orders.map(({ options, live }, index) => ({
    createdAt: FIRST + index * EVERY,
    options,
    live,
  }));
  const liveTheNext = async (): Promise<void> => {
    for (let next = stories.pop(); next; next = stories.pop())
      await next.live(new Story(api.db, { createdAt: next.createdAt, ...next.options }));
  };
  await Promise.all([liveTheNext(), liveTheNext(), liveTheNext(), liveTheNext()]);
}, 180_000);
afterAll(() => api.close());

// What the plan says, counted without any SQL.

const countOf = (holds: (order: PlannedOrder) => unknown) => orders.filter(holds).length;
const countEach = <Key extends string>(
  keys: readonly Key[],
  holds: (order: PlannedOrder, key: Key) => unknown,
) =>
  Object.fromEntries(keys.map((key) => [key, countOf((order) => holds(order, key))])) as Record<Key, number>;
const sumEach = (of: 'repeats' | 'ineffective' | 'quarantined') =>
  Object.fromEntries(
    services.map((service) => [service, orders.reduce((sum, order) => sum + (order[of]?.[service] ?? 0), 0)]),
  );
const sum = (amounts: Readonly<Record<string, number>>) =>
  Object.values(amounts).reduce((all, one) => all + one, 0);
const tookFor = (step: StepName) =>
  orders.flatMap(({ took }) => took[step] ?? []).sort((one, other) => one - other);

const isPaid = ({ took }: PlannedOrder) => took.createdToPaid !== undefined;
const isRefunded = ({ took }: PlannedOrder) => took.paidToRefunded !== undefined;
const isFinal = ({ status }: PlannedOrder) =>
  ['COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK'].includes(status);
const isCompleted = ({ status }: PlannedOrder) => status === 'COMPLETED';
const isFailed = ({ reason }: PlannedOrder) => reason !== undefined;

const byReason = countEach(reasons, ({ reason }, wanted) => reason === wanted);
const { PAYMENT_TIMEOUT, INVENTORY_TIMEOUT, SAGA_TIMEOUT } = byReason;
const NOTIFICATION_OVERDUE = countOf(({ isOverdue }) => isOverdue);
const attentionByCode = Object.fromEntries(
  [...attentionCodes, 'SIGNAL_QUARANTINED'].map((code) => [
    code,
    orders.flatMap(({ attention = [] }) => attention).filter((open) => open === code).length,
  ]),
);
const expected = {
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

test('the plan has 300 orders, and something of everything', () => {
  expect(orders).toHaveLength(300);
  for (const step of Object.keys(steps) as StepName[]) expect(tookFor(step).length, step).toBeGreaterThan(5);
  expect(Object.values(sumEach('repeats')).every((count) => count > 0)).toBe(true);
  expect(Object.values(expected.attentionByCode).every((count) => count > 0)).toBe(true);
  const impossible = ['ORDER_CANCELLED'];
  expect(reasons.filter((reason) => byReason[reason] === 0)).toEqual(impossible);
});

describe('GET /stats', () => {
  const ask = async (from: number, to: number, buckets: number) => {
    const query = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&buckets=${buckets}`;
    const { status, body } = await api.call('GET', `/stats?${query}`);
    expect(status).toBe(200);
    return statsAnswer.parse(body);
  };

  test('has every point right to the unit', async () => {
    const {
      from,
      to,
      oldestOpenSeconds,
      series,
      steps: measured,
      ...points
    } = await ask(FIRST, FIRST + 300 * EVERY, 3);
    expect(points).toEqual(expected);
    for (const step of Object.keys(steps) as StepName[]) {
      const took = tookFor(step);
      const atMost = (share: number) => took[Math.ceil(share * took.length) - 1];
      expect(measured[step], step).toEqual({ count: took.length, p50: atMost(0.5), p95: atMost(0.95) });
    }
    const oldest = FIRST + EVERY * orders.findIndex((order) => !isFinal(order));
    expect(Math.abs((oldestOpenSeconds ?? 0) - (Date.now() - oldest) / 1_000)).toBeLessThan(30);
    expect([from, to].map(Date.parse)).toEqual([FIRST, FIRST + 300 * EVERY]);
    expect(series).toEqual(
      [0, 1, 2].map((third) => entryOf(orders.slice(third * 100, third * 100 + 100), third * 100)),
    );
  });

  const entryOf = (some: readonly PlannedOrder[], first: number) => ({
    at: new Date(FIRST + first * EVERY).toISOString(),
    created: some.length,
    completed: some.filter(isCompleted).length,
    failed: some.filter(isFailed).length,
    refunded: some.filter(isRefunded).length,
  });

  test('of half of the orders has half of them, and the same attention as ever', async () => {
    const half = await ask(FIRST, FIRST + 150 * EVERY, 1);
    expect(half.orders.created).toBe(150);
    expect(half.series).toEqual([entryOf(orders.slice(0, 150), 0)]);
    expect(half.attention).toBe(expected.attention);
  });
});

describe('GET /metrics', () => {
  let families: ReturnType<typeof parseExposition>;
  beforeAll(async () => {
    const answer = await fetch(`${api.url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    families = parseExposition(await answer.text());
  });

  const samplesOf = (name: string): readonly ParsedSample[] => families.get(name)?.samples ?? [];
  const byLabel = (name: string, label: string) => valuesBy(label, families.get(name));
  const valueOf = (name: string) => {
    const [only, ...others] = samplesOf(name);
    expect(others, name).toEqual([]);
    return only?.value;
  };

  test('has every count right to the unit', () => {
    expect({
      created: valueOf('order_saga_orders_created_total'),
      final: valueOf('order_saga_orders_finished_total'),
      ...byLabel('order_saga_orders', 'status'),
    }).toEqual(expected.orders);
    expect({
      paid: valueOf('order_saga_orders_paid_total'),
      count: valueOf('order_saga_compensations_total'),
      rate: valueOf('order_saga_compensation_ratio'),
    }).toEqual(expected.compensations);
    expect(valueOf('order_saga_completion_ratio')).toBe(expected.completionRate);
    expect(valueOf('order_saga_reversals_total')).toBe(expected.reversals);
    expect(valueOf('order_saga_orders_needing_attention')).toBe(expected.attention);
    expect(byLabel('order_saga_failures_total', 'reason')).toEqual(expected.failures);
    expect(byLabel('order_saga_timeouts_total', 'limit')).toEqual(expected.timeouts);
    expect(byLabel('order_saga_duplicates_dropped_total', 'service')).toEqual(sumEach('repeats'));
    expect(byLabel('order_saga_events_without_effect_total', 'service')).toEqual(sumEach('ineffective'));
    expect(byLabel('order_saga_signals_quarantined_total', 'service')).toEqual(sumEach('quarantined'));
    expect(byLabel('order_saga_attention', 'code')).toEqual(expected.attentionByCode);
    expect(valueOf('order_saga_oldest_open_order_seconds')).toBeGreaterThan(3_600);
  });

  test.each(Object.keys(steps) as StepName[])('has the histogram of %s right to the unit', (step) => {
    const took = tookFor(step);
    const own = samplesOf('order_saga_step_duration_seconds').filter(({ labels }) => labels['step'] === step);
    const bounds = [...steps[step].buckets, Infinity];
    const buckets = own.filter(({ name }) => name.endsWith('_bucket'));
    expect(buckets.map(({ labels, value }) => [labels['le'], value])).toEqual(
      bounds.map((bound) => [
        bound === Infinity ? '+Inf' : String(bound / 1_000),
        took.filter((ms) => ms <= bound).length,
      ]),
    );
    const [total] = own.filter(({ name }) => name.endsWith('_sum'));
    const [count] = own.filter(({ name }) => name.endsWith('_count'));
    expect(count?.value).toBe(took.length);
    expect(total?.value).toBeCloseTo(took.reduce((all, ms) => all + ms, 0) / 1_000, 6);
  });

  test('names no order and nobody', () => {
    const labels = [...families.values()].flatMap(({ samples }) => samples.map((sample) => sample.labels));
    expect(JSON.stringify(labels)).not.toMatch(/alice|bob|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});
