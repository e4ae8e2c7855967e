import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { createLogger } from '../../platform/logger.js';
import { serve, startTestApi, type Answer, type Call, type TestApi } from '../support/api.js';
import { createTestDatabase, forEachLogin, type TestDatabase } from '../support/database.js';
import { makeReadOnly, makeWritable } from '../support/read-only.js';
import { seedReferenceData, storeOrder } from '../support/shop.js';
import { untilItWorks } from '../support/until.js';
import { freePort } from '../../platform/ports.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
});
afterAll(() => api.close());

const body = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };

function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

test('ready when everything can be reached', async () => {
  expect(await api.call('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  expect(await api.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
});

test('many who ask at once whether it is ready share one look', async () => {
  let looks = 0;
  const pool = api.db.pools.notification;
  const count = () => looks++;
  pool.on('acquire', count);
  const answers = await Promise.all(Array.from({ length: 30 }, () => api.call('GET', '/readyz')));
  pool.off('acquire', count);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(looks).toBeLessThan(30);
});

describe('Temporal is away', () => {
  let call: Call;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    const served = await serve({
      pools: api.db.pools,
      client: new Client({ connection }),
      temporalUiUrl: 'http://temporal.example',
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    call = served.call;
    close = async () => {
      await served.close();
      await connection.close();
    };
  });
  afterAll(() => close());

  test('an order is placed all the same, and shown; a repeat that can reach Temporal starts it', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const { status, body: order } = await call('POST', '/orders', { body, headers });
    const { orderId } = order as { orderId: string };
    expect([status, order]).toMatchObject([
      201,
      { status: 'PENDING_PAYMENT', history: [{ status: 'PENDING_PAYMENT' }] },
    ]);
    expect(await call('GET', `/orders/${orderId}`)).toMatchObject({ status: 200, body: order });
    const { rows } = await api.db.owner.query(
      'select type, delivered_at from journal.events where order_id = $1',
      [orderId],
    );
    expect(rows).toEqual([{ type: 'OrderCreatedEvent', delivered_at: null }]);

    const participant = api.temporal.client.workflow.getHandle(`order-${orderId}`);
    await expect(participant.describe()).rejects.toThrow(/not found/i);
    await untilItWorks(async () => {
      await api.call('POST', '/orders', { body, headers });
      await participant.describe();
    });
  });

  test('an order that was never placed is unknown, and an operator has to come back', async () => {
    const { orderId } = await storeOrder(api.db.owner);
    expect((await call('GET', `/orders/${randomUUID()}`)).status).toBe(404);
    expectUnavailable(
      await call('POST', `/orders/${orderId}/notification-retries`, { headers: { operator: 'ann' } }),
    );
  });

  test('alive, but not ready, and says what is missing', async () => {
    expect((await call('GET', '/healthz')).status).toBe(200);
    const answer = await call('GET', '/readyz');
    expectUnavailable(answer);
    expect(answer.body).toMatchObject({ detail: 'cannot reach Temporal' });
  });
});

describe('the database is away', () => {
  let call: Call;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const port = await freePort();
    const open = (): Pool =>
      createPool({
        url: `postgres://x:y@127.0.0.1:${port}/none`,
        applicationName: 'test',
        onError: () => undefined,
      });
    const pools = forEachLogin(open);
    const served = await serve({
      pools,
      client: api.temporal.client,
      temporalUiUrl: 'http://temporal.example',
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    call = served.call;
    close = async () => {
      await served.close();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    };
  });
  afterAll(() => close());

  test.each([
    ['POST', '/orders', body],
    ['GET', '/orders', undefined],
    ['GET', '/customers/alice', undefined],
    ['PUT', '/products/x', { name: 'X', price: { amount: 1, currency: 'KRW' } }],
    ['GET', '/wallets/alice', undefined],
    ['POST', '/stock/mouse/restocks', { quantity: 1 }],
    ['GET', '/contacts/alice', undefined],
    ['GET', '/events', undefined],
    ['GET', '/readyz', undefined],
  ])('%s %s: 503', async (method, path, sent) => {
    const headers = { 'idempotency-key': randomUUID() };
    expectUnavailable(await call(method, path, { headers, ...(sent ? { body: sent } : {}) }));
  });

  test('alive all the same', async () => {
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  test('nothing is started that is not stored', async () => {
    const before = await api.temporal.client.workflow.count();
    expectUnavailable(await call('POST', '/orders', { body, headers: { 'idempotency-key': 'away' } }));
    expect((await api.temporal.client.workflow.count()).count).toBe(before.count);
  });
});

describe('the database takes no writes', () => {
  let db: TestDatabase;
  let call: Call;
  let close: () => Promise<void>;
  beforeAll(async () => {
    db = await createTestDatabase();
    await seedReferenceData(db.owner);
    const served = await serve({
      pools: db.pools,
      client: api.temporal.client,
      temporalUiUrl: 'http://temporal.example',
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    call = served.call;
    close = async () => {
      await served.close();
      await db.close();
    };
    await makeReadOnly(db);
  });
  afterAll(() => close());

  const amount = { amount: 1, currency: 'KRW' };
  const change = (method: string, path: string, sent: unknown) =>
    call(method, path, { body: sent, headers: { 'idempotency-key': 'once' } });

  test.each([
    ['POST', '/wallets/alice/deposits', { amount }],
    ['POST', '/stock/mouse/restocks', { quantity: 1 }],
    ['PUT', '/customers/alice', { name: 'Alice' }],
    ['PUT', '/contacts/alice', { email: 'alice@shop.example' }],
  ])('%s %s: 503, and says so', async (method, path, sent) => {
    const answer = await change(method, path, sent);
    expectUnavailable(answer);
    expect(answer.body).toMatchObject({ detail: 'the database takes no changes at the moment' });
  });

  test('what only reads goes on', async () => {
    expect((await call('GET', '/customers/alice')).status).toBe(200);
  });

  test('alive, but not ready, and says why; both again when it takes writes', async () => {
    expect((await call('GET', '/healthz')).status).toBe(200);
    const answer = await call('GET', '/readyz');
    expectUnavailable(answer);
    expect(answer.body).toMatchObject({
      detail: 'order, payment, inventory, notification, operator'
        .split(', ')
        .map((login) => `the database of ${login} is read-only`)
        .join(', '),
    });
    await makeWritable(db);
    expect((await call('GET', '/readyz')).status).toBe(200);
    expect((await change('POST', '/wallets/alice/deposits', { amount })).status).toBe(200);
  });
});
