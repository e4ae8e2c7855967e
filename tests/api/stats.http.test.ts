import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { statsDocument } from '../../api/monitoring/stats-document.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { storeOrder } from '../support/shop.js';

const DAY = 86_400_000;

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

const ask = async (query = '') => {
  const { status, body } = await api.call('GET', `/stats${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return statsDocument.parse(body);
};

test('without orders there is nothing to measure, and that is said', async () => {
  const { steps, series, ...stats } = await ask();
  expect(steps.createdToPaid).toEqual({ count: 0, p50: null, p95: null });
  expect(stats).toMatchObject({
    completionRate: null,
    compensations: { paid: 0, count: 0, rate: null },
    orders: { created: 0 },
    oldestOpenSeconds: null,
  });
  expect(series.every(({ created }) => created === 0)).toBe(true);
});

describe('the window', () => {
  test('is the last day where nothing else is said', async () => {
    const { from, to, series } = await ask();
    expect(Math.abs(Date.parse(to) - Date.now())).toBeLessThan(10_000);
    expect(Date.parse(to) - Date.parse(from)).toBe(DAY);
    expect(series).toHaveLength(24);
  });

  test('is the day before `to`, or all since `from`', async () => {
    expect(await ask('?to=2026-03-02T00:00:00Z')).toMatchObject({ from: '2026-03-01T00:00:00.000Z' });
    const { from, to } = await ask('?from=2026-03-01T09:00:00%2B09:00');
    expect(from).toBe('2026-03-01T00:00:00.000Z');
    expect(Math.abs(Date.parse(to) - Date.now())).toBeLessThan(10_000);
  });

  test('has its first millisecond, and not the first one after it', async () => {
    for (const at of ['04-30T23:59:59.999', '05-01T00:00:00.000', '05-01T23:59:59.999', '05-02T00:00:00.000'])
      await storeOrder(api.db.owner, { createdAt: new Date(`2026-${at}Z`) });
    const { orders, series } = await ask('?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&buckets=7');
    expect(orders).toMatchObject({ created: 2, PENDING_PAYMENT: 2 });
    expect(series.map(({ created }) => created)).toEqual([1, 0, 0, 0, 0, 0, 1]);
  });

  test('may be as short as a millisecond', async () => {
    const { series } = await ask('?from=2026-05-01T00:00:00.000Z&to=2026-05-01T00:00:00.001Z&buckets=200');
    expect(series).toEqual([
      { at: '2026-05-01T00:00:00.000Z', created: 1, completed: 0, failed: 0, refunded: 0 },
    ]);
  });

  test('may be as long as time', async () => {
    const { orders, series } = await ask('?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&buckets=200');
    expect(orders.created).toBe(4);
    expect(series).toHaveLength(200);
    expect(series.reduce((sum, { created }) => sum + created, 0)).toBe(4);
  });
});

describe('a parameter that is malformed is named', () => {
  test.each([
    ['from', 'from=yesterday'],
    ['from', 'from=2026-02-30T00:00:00Z'],
    ['from', 'from=2026-03-01'],
    ['from', 'from=2026-03-01T00:00:00+09:00'],
    ['from', 'from=2026-03-01T00:00:00Z&from=2026-03-02T00:00:00Z'],
    ['from', 'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['from', 'from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z'],
    ['from', 'from=2999-01-01T00:00:00Z'],
    ['to', 'to='],
    ['buckets', 'buckets=0'],
    ['buckets', 'buckets=201'],
    ['buckets', 'buckets=1.5'],
    ['buckets', 'buckets=many'],
    ['step', 'step=createdToPaid'],
  ])('%s in ?%s', async (parameter, query) => {
    expect(await api.call('GET', `/stats?${query}`)).toMatchObject({
      status: 400,
      body: { type: '/problems/malformed-request', errors: [{ parameter }] },
    });
  });
});

test('statistics are read and nothing else', async () => {
  expect((await api.call('POST', '/stats', { body: {} })).status).toBe(405);
});
