import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { serve, startTestApi, type Answer, type TestApi } from '../support/api.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { seedReferenceData } from '../support/shop.js';

let api: TestApi;
/** In front of Temporal, and of PostgreSQL for Order's and Payment's resources. */
let temporalProxy: CuttingProxy;
let databaseProxy: CuttingProxy;
let connection: Connection;
let pools: { readonly order: Pool; readonly payment: Pool };
let served: Awaited<ReturnType<typeof serve>>;

interface Warning {
  readonly orderId?: string;
  readonly err?: { readonly message: string };
}
const warnings: Warning[] = [];
const warnedOf = (answer: Answer) => warnings.filter(({ orderId }) => orderId === idOf(answer));

beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
  temporalProxy = new CuttingProxy(`http://${api.temporal.address}`, Infinity);
  connection = await Connection.connect({ address: new URL(await temporalProxy.listen()).host });
  databaseProxy = new CuttingProxy(api.db.urls.order, Infinity);
  const { host } = new URL(await databaseProxy.listen());
  const open = (url: string) =>
    createPool({
      url: Object.assign(new URL(url), { host }).href,
      applicationName: 'a test of lost answers',
      onError: () => undefined,
    });
  pools = { order: open(api.db.urls.order), payment: open(api.db.urls.payment) };
  served = await serve({
    pools: { ...api.db.pools, ...pools },
    client: new Client({ connection, namespace: api.temporal.namespace }),
    temporalUiUrl: 'http://temporal.example',
    log: pino(
      { level: 'warn' },
      { write: (line: string) => void warnings.push(JSON.parse(line) as Warning) },
    ),
    stopping: new AbortController().signal,
  });
});
afterEach(() => hearAgain());
afterAll(async () => {
  await served.close();
  await connection.close();
  await Promise.all([pools.order.end(), pools.payment.end()]);
  await Promise.all([temporalProxy.close(), databaseProxy.close()]);
  await api.close();
});

const newKey = () => ({ 'idempotency-key': randomUUID() });
const place = (headers: Record<string, string> = {}): Promise<Answer> =>
  served.call('POST', '/orders', {
    body: { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] },
    headers,
  });
const idOf = ({ body }: Answer): string => (body as { orderId: string }).orderId;
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

/** Over new connections, which are open when this resolves. */
async function hearAgain(): Promise<void> {
  for (const one of [temporalProxy, databaseProxy]) {
    one.losesAnswers = false;
    one.losesAnswerTo = () => false;
    one.cut();
  }
  const ready = async () => (await served.call('GET', '/readyz')).status;
  await expect.poll(ready, { timeout: 60_000 }).toBe(200);
}

/** Every run that Temporal has started of the order, seen past the proxy. */
async function runsOf(orderId: string): Promise<readonly string[]> {
  const runs = [];
  const query = `WorkflowId = 'order-${orderId}'`;
  for await (const { runId } of api.temporal.client.workflow.list({ query })) runs.push(runId);
  return runs;
}

/** Every order and every event there is, seen past the proxy. */
async function stored(): Promise<{ readonly orders: number; readonly events: number }> {
  const { rows } = await api.db.owner.query<{ orders: number; events: number }>(
    'select (select count(*) from orders.orders) as orders, (select count(*) from journal.events) as events',
  );
  return rows[0] ?? { orders: 0, events: 0 };
}

const oneMoreThan = ({ orders, events }: { orders: number; events: number }) => ({
  orders: orders + 1,
  events: events + 1,
});

/** The answers to so many commits get lost from now on. */
function loseCommits(count: number): void {
  let left = count;
  databaseProxy.losesAnswerTo = (request) => request.includes('commit\0') && left-- > 0;
}

describe('a start', () => {
  test('whose answer is lost does not matter: the order is placed, and has one participant', async () => {
    const headers = newKey();
    temporalProxy.losesAnswers = true;
    const answer = await place(headers);
    expect([answer.status, isReplay(answer)]).toEqual([201, false]);
    expect(warnedOf(answer)).toMatchObject([{ err: { message: expect.any(String) as string } }]);
    await expect.poll(() => runsOf(idOf(answer)), { timeout: 60_000 }).toHaveLength(1);
    await hearAgain();
    const retry = await place(headers);
    expect([retry.status, idOf(retry), isReplay(retry)]).toEqual([201, idOf(answer), true]);
    expect(await runsOf(idOf(answer))).toHaveLength(1);
  });
});

describe('a commit', () => {
  test('whose answer is lost is found out about: one order, and nobody notices', async () => {
    const before = await stored();
    loseCommits(1);
    const answer = await place();
    expect([answer.status, isReplay(answer)]).toEqual([201, false]);
    expect(answer.body).toMatchObject({
      status: 'PENDING_PAYMENT',
      history: [{ status: 'PENDING_PAYMENT' }],
    });
    expect(await stored()).toEqual(oneMoreThan(before));
  });

  test('of which nobody finds out: 503 says so, and the same key finds the order', async () => {
    const before = await stored();
    const headers = newKey();
    loseCommits(Infinity);
    const unknown = await place(headers);
    expect(unknown).toMatchObject({
      status: 503,
      body: {
        type: '/problems/outcome-unknown',
        detail: 'it is not known whether the order was placed; the same Idempotency-Key finds it',
      },
    });
    expect(unknown.headers.get('retry-after')).toBe('1');
    await hearAgain();
    const retry = await place(headers);
    expect([retry.status, isReplay(retry)]).toEqual([201, true]);
    expect(await stored()).toEqual(oneMoreThan(before));
  });

  test('of which nobody finds out, without a key: a repeat could be a second order, so none is asked for', async () => {
    const before = await stored();
    loseCommits(Infinity);
    const unknown = await place();
    expect(unknown).toMatchObject({
      status: 503,
      body: {
        type: '/problems/outcome-unknown',
        detail:
          'it is not known whether an order was placed; look for it before ordering again: GET /orders?customerId=…',
      },
    });
    expect(unknown.headers.get('retry-after')).toBeNull();
    expect(await stored()).toEqual(oneMoreThan(before));
  });

  test('of a deposit: 503 says so, and the same key finds it', async () => {
    const deposit = (headers: Record<string, string>) =>
      served.call('POST', '/wallets/carol/deposits', {
        body: { amount: { amount: 700, currency: 'KRW' } },
        headers,
      });
    const headers = newKey();
    loseCommits(1);
    const unknown = await deposit(headers);
    expect(unknown).toMatchObject({ status: 503, body: { type: '/problems/outcome-unknown' } });
    expect(unknown.headers.get('retry-after')).toBe('1');
    const retry = await deposit(headers);
    expect([retry.status, retry.body, isReplay(retry)]).toMatchObject([
      200,
      { balance: { amount: 700, currency: 'KRW' } },
      true,
    ]);
  });
});

describe('a database', () => {
  test('that is lost before the commit: 503, nothing is placed, and the retry is the first', async () => {
    const before = await stored();
    const headers = newKey();
    databaseProxy.losesAnswerTo = (request) => request.includes('OrderCreatedEvent');
    const answer = await place(headers);
    expect(answer).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await stored()).toEqual(before);
    await hearAgain();
    const retry = await place(headers);
    expect([retry.status, isReplay(retry)]).toEqual([201, false]);
  });

  test('that takes a question and gives no answer is away: 503', async () => {
    databaseProxy.losesAnswers = true;
    expect(await place(newKey())).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  });

  test('that is lost after the commit does not matter: the order is placed, and shown as it was stored', async () => {
    databaseProxy.losesAnswerTo = (request) => request.includes("'STUCK'");
    const answer = await place({ prefer: 'wait=10' });
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { status: 'PENDING_PAYMENT', history: [{ status: 'PENDING_PAYMENT' }] },
    ]);
    expect(warnedOf(answer)).toMatchObject([{ err: { message: expect.any(String) as string } }]);
  });
});
