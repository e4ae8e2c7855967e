import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statsDocument } from '../../api/monitoring/stats-document.js';
import type { StepName } from '../../db/monitoring/point-names.js';
import { steps } from '../../db/monitoring/steps.js';
import { reasons } from '../../schemas/reasons.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { forgetEverything } from '../support/past.js';
import { parseExposition, valuesBy, type ParsedSample } from '../support/parse-exposition.js';
import type { PlannedOrder } from './planned-orders.js';
import {
  EVERY,
  FIRST,
  byReason,
  countSeries,
  expectAgeOfOldestOpen,
  expected,
  liveThemAll,
  orders,
  sumEach,
  tookFor,
} from './three-hundred-orders.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await liveThemAll(api.db);
}, 180_000);
afterAll(() => api.close());

test('the plan has 300 orders, and something of everything', () => {
  expect(orders).toHaveLength(300);
  for (const step of Object.keys(steps) as StepName[]) expect(tookFor(step).length, step).toBeGreaterThan(5);
  expect(Object.values(sumEach('repeats')).every((count) => count > 0)).toBe(true);
  // What is stuck has its own tests: here every worker does what it should.
  const missing = Object.entries(expected.attentionByCode).filter(([, count]) => count === 0);
  expect(missing).toEqual([['STUCK', 0]]);
  const impossible = ['ORDER_CANCELLED'];
  expect(reasons.filter((reason) => byReason[reason] === 0)).toEqual(impossible);
});

describe('GET /stats', () => {
  const ask = async (from: number, to: number, buckets: number) => {
    const query = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&buckets=${buckets}`;
    const { status, body } = await api.call('GET', `/stats?${query}`);
    expect(status).toBe(200);
    return statsDocument.parse(body);
  };

  test('has every point right to the unit', async () => {
    const askedAt = Date.now();
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
    expectAgeOfOldestOpen(oldestOpenSeconds ?? Number.NaN, askedAt);
    expect([from, to].map(Date.parse)).toEqual([FIRST, FIRST + 300 * EVERY]);
    expect(series).toEqual(
      [0, 1, 2].map((third) => entryOf(orders.slice(third * 100, third * 100 + 100), third * 100)),
    );
  });

  const entryOf = (some: readonly PlannedOrder[], first: number) => ({
    at: new Date(FIRST + first * EVERY).toISOString(),
    ...countSeries(some),
  });

  test('of half of the orders has half of them, and the same attention as ever', async () => {
    const half = await ask(FIRST, FIRST + 150 * EVERY, 1);
    expect(half.orders.created).toBe(150);
    expect(half.series).toEqual([entryOf(orders.slice(0, 150), 0)]);
    expect(half.attention).toBe(expected.attention);
  });
});

/** Nobody delivers what happens in these orders. */
async function forgetThemAll(): Promise<void> {
  await api.db.owner.query(`update journal.events set delivered_at = now(), delivered_to = '{}'`);
  const { orders, kept } = await forgetEverything(api.db);
  expect(orders).toBeGreaterThan(200);
  expect(kept).toBeGreaterThan(20);
}

describe.each([
  ['GET /metrics', () => Promise.resolve()],
  ['GET /metrics once the events of orders at rest are forgotten', forgetThemAll],
])('%s', (_, prepare) => {
  let families: ReturnType<typeof parseExposition>;
  let askedAt: number;
  beforeAll(async () => {
    await prepare();
    // Scrapes of one API share what was computed.
    const scraped = await api.serveAgain();
    askedAt = Date.now();
    const answer = await fetch(`${scraped.url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    families = parseExposition(await answer.text());
    await scraped.close();
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
    expectAgeOfOldestOpen(valueOf('order_saga_oldest_open_order_seconds') ?? Number.NaN, askedAt);
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
