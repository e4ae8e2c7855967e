import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pool } from '../../core/postgres/pool.js';
import { createLogger } from '../../platform/logger.js';
import { limits } from '../../schemas/limits.js';
import { serve, startTestApi, type TestApi } from '../support/api.js';
import { storeOrder } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api.close());

const krw = (amount: number) => ({ amount, currency: 'KRW' });
const deposit = (customer: string, amount: unknown, key: string = randomUUID()) =>
  api.call('POST', `/wallets/${customer}/deposits`, {
    body: { amount },
    headers: { 'idempotency-key': key },
  });
const restock = (sku: string, quantity: unknown, key: string = randomUUID()) =>
  api.call('POST', `/stock/${sku}/restocks`, { body: { quantity }, headers: { 'idempotency-key': key } });

/** Concurrent requests race only over open connections; connecting first would serialise them. */
const openAllConnections = (pool: Pool) =>
  Promise.all(Array.from({ length: 10 }, () => pool.query('select pg_sleep(0.05)')));

describe('reference data and contacts', () => {
  test.each([
    ['/customers/carol', { customerId: 'carol' }, { name: 'Carol' }, { name: '캐롤' }],
    [
      '/products/cup',
      { sku: 'cup' },
      { name: 'Cup', price: krw(0) },
      { name: 'Mug', price: { amount: 900, currency: 'EUR' } },
    ],
    ['/contacts/carol', { customerId: 'carol' }, { email: 'c@example.com' }, { email: 'd@example.com' }],
  ])('%s can be put, changed and read', async (path, identity, first, second) => {
    expect((await api.call('GET', path)).status).toBe(404);
    for (const body of [first, second]) {
      const expected = { status: 200, body: { ...identity, ...body } };
      expect(await api.call('PUT', path, { body })).toMatchObject(expected);
      expect(await api.call('GET', path)).toMatchObject(expected);
    }
  });

  test.each([
    ['/customers/x', { name: '' }, 400, '#/name'],
    ['/customers/x', { name: 'a\0b' }, 400, '#/name'],
    ['/products/x', { name: 'X', price: krw(1.5) }, 400, '#/price/amount'],
    ['/products/x', { name: 'X', price: krw(-1) }, 422, '#/price/amount'],
    ['/products/x', { name: 'X', price: { amount: 1, currency: 'won' } }, 400, '#/price/currency'],
    ['/contacts/x', { email: 'nobody' }, 400, '#/email'],
    ['/contacts/x', { email: `${'a'.repeat(65)}@example.com` }, 400, '#/email'],
  ])('PUT %s %j: %i', async (path, body, status, pointer) => {
    expect(await api.call('PUT', path, { body })).toMatchObject({ status, body: { errors: [{ pointer }] } });
    expect((await api.call('GET', path)).status).toBe(404);
  });
});

describe('wallets', () => {
  test('the first deposit creates the wallet; the ledger sums to the balance', async () => {
    expect((await api.call('GET', '/wallets/dave')).status).toBe(404);
    expect(await deposit('dave', krw(700))).toMatchObject({
      status: 200,
      body: { customerId: 'dave', balance: krw(700) },
    });
    await deposit('dave', krw(300));
    expect((await api.call('GET', '/wallets/dave')).body).toEqual({
      customerId: 'dave',
      balance: krw(1_000),
    });
    const { rows } = await api.db.owner.query(
      `select sum(amount)::bigint as sum from payment.wallet_ledger where customer_id = 'dave'`,
    );
    expect(rows).toEqual([{ sum: 1_000 }]);
  });

  test('a deposit happens once per key, also when ten arrive at once', async () => {
    // The wallet exists, because creating it would serialise the requests anyway.
    await deposit('erin', krw(1));
    await openAllConnections(api.db.pools.payment);
    const answers = await Promise.all(Array.from({ length: 10 }, () => deposit('erin', krw(50), 'same')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(9);
    expect((await api.call('GET', '/wallets/erin')).body).toMatchObject({ balance: krw(51) });
    expect(await deposit('erin', krw(60), 'same')).toMatchObject({
      status: 422,
      body: { type: '/problems/idempotency-key-reused' },
    });
    expect(await deposit('erin', { amount: 50, currency: 'EUR' }, 'same')).toMatchObject({
      status: 422,
      body: { type: '/problems/idempotency-key-reused' },
    });
    expect((await deposit('frank', krw(51), 'same')).status).toBe(200);
  });

  test.each([
    ['another currency', { amount: 1, currency: 'EUR' }, 422, 'other-currency'],
    ['zero', krw(0), 422, 'amount-out-of-range'],
    ['a negative amount', krw(-5), 422, 'amount-out-of-range'],
    ['a fraction', krw(0.5), 400, 'malformed-request'],
    ['more than fits beside what is there', krw(limits.deposit.max), 422, 'total-too-large'],
    ['more than can be counted', krw(limits.deposit.max + 1), 422, 'amount-out-of-range'],
  ])('%s is refused and changes nothing', async (_, amount, status, problem) => {
    await deposit('grace', krw(10), 'first');
    const answer = await deposit('grace', amount);
    expect(answer).toMatchObject({ status, body: { type: `/problems/${problem}` } });
    expect((await api.call('GET', '/wallets/grace')).body).toMatchObject({ balance: krw(10) });
  });

  test('a deposit or restock without a key is malformed', async () => {
    for (const [path, body] of [
      ['/wallets/hal/deposits', { amount: krw(1) }],
      ['/stock/hal/restocks', { quantity: 1 }],
    ] as const)
      expect(await api.call('POST', path, { body })).toMatchObject({
        status: 400,
        body: { errors: [{ header: 'Idempotency-Key' }] },
      });
    expect((await api.call('GET', '/wallets/hal')).status).toBe(404);
    expect((await api.call('GET', '/stock/hal')).status).toBe(404);
  });
});

describe('stock', () => {
  test('the first restock creates the entry; a repeat changes nothing', async () => {
    expect((await api.call('GET', '/stock/pen')).status).toBe(404);
    expect(await restock('pen', 5, 'a')).toMatchObject({
      status: 200,
      body: { sku: 'pen', available: 5, reserved: 0 },
    });
    await restock('pen', 2, 'b');
    const repeat = await restock('pen', 5, 'a');
    expect(repeat).toMatchObject({ status: 200, body: { available: 7 } });
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect((await restock('pen', 6, 'a')).status).toBe(422);
    expect((await api.call('GET', '/stock/pen')).body).toEqual({ sku: 'pen', available: 7, reserved: 0 });
  });

  test('a restock happens once per key, also when ten arrive at once', async () => {
    await restock('jar', 1);
    await openAllConnections(api.db.pools.inventory);
    const answers = await Promise.all(Array.from({ length: 10 }, () => restock('jar', 5, 'same')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await api.call('GET', '/stock/jar')).body).toMatchObject({ available: 6 });
  });

  test.each([
    [0, 422, 'quantity-out-of-range'],
    [-1, 422, 'quantity-out-of-range'],
    [1.5, 400, 'malformed-request'],
    [limits.restock.max, 422, 'total-too-large'],
    [limits.restock.max + 1, 422, 'quantity-out-of-range'],
  ])('a restock of %d is refused', async (quantity, status, problem) => {
    await restock('ink', 1, 'first');
    expect(await restock('ink', quantity)).toMatchObject({ status, body: { type: `/problems/${problem}` } });
    expect((await api.call('GET', '/stock/ink')).body).toMatchObject({ available: 1 });
  });
});

describe('notifications and mails', () => {
  test('a notification shows its attempts; a row without one is none', async () => {
    const [{ orderId }, other] = [await storeOrder(api.db.owner), randomUUID()];
    const list = (id: string) => api.call('GET', `/notifications?orderId=${id}`);
    expect((await list(orderId)).body).toEqual({ notifications: [] });
    await api.db.owner.query(
      `insert into notification.notifications (order_id, status, round, customer_id, items, total, currency, cause_id,
         correlation_id, sent_at, announced, updated_at)
       values ($1, 'SENT', 1, 'alice', '[]', 1, 'KRW', $2, $2, '2026-01-02T03:04:05.678Z', true, now())`,
      [orderId, randomUUID()],
    );
    await api.db.owner.query(
      `insert into notification.notifications (order_id, status, updated_at) values ($1, 'NOTHING', now())`,
      [other],
    );
    await api.db.owner.query(
      `insert into notification.attempts (order_id, round, number) values ($1, 1, 1), ($1, 1, 2)`,
      [orderId],
    );
    expect((await list(orderId)).body).toEqual({
      notifications: [{ orderId, status: 'SENT', attempts: 2, sentAt: '2026-01-02T03:04:05.678Z' }],
    });
    expect((await list(other)).body).toEqual({ notifications: [] });
  });

  test('mails come from the catcher; without one there is no such resource', async () => {
    expect((await api.call('GET', '/mails')).status).toBe(404);
    const asked: (string | undefined)[] = [];
    const catcher = createServer((request, response) => {
      asked.push(request.url);
      response.setHeader('content-type', 'application/json').end('{"mails":[]}');
    }).listen(0, '127.0.0.1');
    await once(catcher, 'listening');
    const mailCatcherUrl = `http://127.0.0.1:${(catcher.address() as AddressInfo).port}/`;
    const { call, close } = await serve({
      pools: api.db.pools,
      client: api.temporal.client,
      temporalUiUrl: 'http://temporal.example',
      mailCatcherUrl,
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    const orderId = randomUUID();
    expect(await call('GET', `/mails?orderId=${orderId}`)).toMatchObject({
      status: 200,
      body: { mails: [] },
    });
    expect(asked).toEqual([`/?orderId=${orderId}`]);
    catcher.closeAllConnections();
    await new Promise((resolve) => catcher.close(resolve));
    expect(await call('GET', '/mails')).toMatchObject({ status: 503 });
    await close();
  });
});
