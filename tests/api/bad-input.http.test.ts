import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quarantineStates } from '../../db/operator/quarantine-view.js';
import { startTestApi, type CallOptions, type TestApi } from '../support/api.js';
import { operationsOf, type ApiDocument } from '../support/documented.js';
import { seedReferenceData } from '../support/shop.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
});
afterAll(() => api.close());

const item = (quantity: unknown, sku: unknown = 'mouse') => ({ sku, quantity });
const orderOf = (...items: readonly unknown[]) => ({ customerId: 'alice', items });
const products = (count: number) => Array.from({ length: count }, (_, index) => item(1, `sku-${index}`));

interface BadOrder {
  readonly what: string;
  readonly send: CallOptions;
  readonly status: number;
  readonly problem: string;
  readonly pointer?: string;
}

const badOrders: readonly BadOrder[] = [
  {
    what: 'an unknown customer',
    send: { body: { customerId: 'nobody', items: [item(1)] } },
    status: 422,
    problem: 'unknown-customer',
    pointer: '#/customerId',
  },
  {
    what: 'an unknown product',
    send: { body: orderOf(item(1), item(1, 'nothing')) },
    status: 422,
    problem: 'unknown-product',
    pointer: '#/items/1/sku',
  },
  ...[0, -1, 1_000].map((quantity) => ({
    what: `quantity ${quantity}`,
    send: { body: orderOf(item(quantity)) },
    status: 422,
    problem: 'quantity-out-of-range',
    pointer: '#/items/0/quantity',
  })),
  ...[1.5, '1', null, 1e300, undefined].map((quantity) => ({
    what: `quantity ${JSON.stringify(quantity)}`,
    send: { body: orderOf(item(1, 'keyboard'), item(quantity)) },
    status: 400,
    problem: 'malformed-request',
    pointer: '#/items/1/quantity',
  })),
  { what: 'no items', send: { body: orderOf() }, status: 422, problem: 'no-items', pointer: '#/items' },
  {
    what: '101 items',
    send: { body: orderOf(...products(101)) },
    status: 422,
    problem: 'too-many-items',
    pointer: '#/items',
  },
  {
    what: 'a product twice',
    send: { body: orderOf(item(1), item(2)) },
    status: 422,
    problem: 'duplicate-product',
    pointer: '#/items',
  },
  {
    what: 'mixed currencies',
    send: { body: orderOf(item(1), item(1, 'teapot')) },
    status: 422,
    problem: 'mixed-currencies',
  },
  {
    what: 'a total beyond counting',
    send: { body: orderOf(item(2, 'moon')) },
    status: 422,
    problem: 'total-too-large',
  },
  {
    what: 'a field nobody knows',
    send: { body: { ...orderOf(item(1)), 'a/b~c': 1 } },
    status: 400,
    problem: 'malformed-request',
    pointer: '#/a~1b~0c',
  },
  {
    what: 'a customer id with a NUL',
    send: { body: { customerId: 'a\0b', items: [item(1)] } },
    status: 400,
    problem: 'malformed-request',
    pointer: '#/customerId',
  },
  { what: 'broken JSON', send: { body: '{"customerId":' }, status: 400, problem: 'malformed-request' },
  { what: 'JSON that is no object', send: { body: '7' }, status: 400, problem: 'malformed-request' },
  { what: 'an array', send: { body: '[]' }, status: 400, problem: 'malformed-request', pointer: '#' },
  { what: 'no body', send: {}, status: 400, problem: 'malformed-request', pointer: '#' },
  {
    what: 'another media type',
    send: { body: 'customerId=alice', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    what: 'an unknown content encoding',
    send: { body: orderOf(item(1)), headers: { 'content-encoding': 'made-up' } },
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    what: 'a body over 64 KiB',
    send: { body: { ...orderOf(item(1)), padding: 'x'.repeat(64 * 1_024) } },
    status: 413,
    problem: 'payload-too-large',
  },
  {
    what: 'an idempotency key of 256 characters',
    send: { body: orderOf(item(1)), headers: { 'idempotency-key': 'k'.repeat(256) } },
    status: 400,
    problem: 'malformed-request',
  },
];

describe('an order that cannot be placed', () => {
  test.each(badOrders)('$what: $status $problem', async ({ send, status, problem, pointer }) => {
    const answer = await api.call('POST', '/orders', send);
    expect(answer).toMatchObject({ status, body: { status, type: `/problems/${problem}` } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ requestId: answer.headers.get('x-request-id') });
    if (pointer !== undefined) expect(answer.body).toMatchObject({ errors: [{ pointer }] });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\bat .*:\d+:\d+/);
  });

  test('stores nothing and starts nothing', async () => {
    for (const { send } of badOrders) await api.call('POST', '/orders', send);
    const { rows } = await api.db.owner.query('select count(*) as count from orders.orders');
    expect(rows).toEqual([{ count: 0 }]);
    const { namespace, client } = api.temporal;
    // The list lags behind the starts: once it shows a workflow started last, it has caught up.
    await client.workflow.start('marker', { workflowId: 'marker', taskQueue: 'nobody' });
    await expect
      .poll(async () => (await client.workflow.count()).count, { timeout: 60_000 })
      .toBeGreaterThan(0);
    const started = [];
    for await (const { workflowId } of client.workflow.list()) started.push(workflowId);
    expect(started, `workflows in ${namespace}`).toEqual(['marker']);
  });

  test('every bad field is named at once', async () => {
    const answer = await api.call('POST', '/orders', {
      body: { customerId: 7, items: [{ sku: 'mouse' }], x: 1 },
    });
    const pointers = (answer.body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(pointers.sort()).toEqual(['#/customerId', '#/items/0/quantity', '#/x']);
  });
});

/** Each passes the check of the limit, and is refused for something later. */
const justWithin: readonly BadOrder[] = [
  {
    what: 'quantity 999',
    send: { body: orderOf(item(999, 'nothing')) },
    status: 422,
    problem: 'unknown-product',
  },
  {
    what: '100 items',
    send: { body: orderOf(...products(100)) },
    status: 422,
    problem: 'unknown-product',
  },
  {
    what: 'an idempotency key of 255 characters',
    send: { body: orderOf(item(1, 'nothing')), headers: { 'idempotency-key': 'k'.repeat(255) } },
    status: 422,
    problem: 'unknown-product',
  },
  {
    what: 'a body of 64 KiB',
    send: { body: `{"padding":"${'x'.repeat(64 * 1_024 - '{"padding":""}'.length)}"}` },
    status: 400,
    problem: 'malformed-request',
  },
];

test.each(justWithin)('$what is not too much', async ({ send, status, problem }) => {
  expect(await api.call('POST', '/orders', send)).toMatchObject({
    status,
    body: { type: `/problems/${problem}` },
  });
});

describe('what is wrong with a request is said in words', () => {
  test.each([
    ['POST', '/orders', undefined, { pointer: '#', detail: 'missing, expected an object' }],
    [
      'POST',
      '/orders',
      { items: [item(1)] },
      { pointer: '#/customerId', detail: 'missing, expected a string' },
    ],
    ['POST', '/orders', orderOf(7), { pointer: '#/items/0', detail: 'expected an object' }],
    ['PUT', '/customers/alice', { name: 'A', x: 1 }, { pointer: '#/x', detail: 'unknown field' }],
    ['GET', '/orders?x=1', undefined, { parameter: 'x', detail: 'unknown parameter' }],
    [
      'GET',
      '/orders?limit=1&limit=2',
      undefined,
      { parameter: 'limit', detail: 'expected a whole number from 1 to 100' },
    ],
    [
      'GET',
      '/orders?limit=0',
      undefined,
      { parameter: 'limit', detail: 'expected a whole number from 1 to 100' },
    ],
    ['GET', '/notifications', undefined, { parameter: 'orderId', detail: 'missing, expected a UUID' }],
    [
      'GET',
      '/quarantine?state=LOST',
      undefined,
      { parameter: 'state', detail: `expected one of ${quarantineStates.join(', ')}` },
    ],
    [
      'POST',
      '/stock/mouse/restocks',
      { quantity: 1 },
      { header: 'Idempotency-Key', detail: 'missing, expected a key, unique to this request' },
    ],
  ])('%s %s %j', async (method, path, body, error) => {
    const answer = await api.call(method, path, body && { body });
    const where = Object.values(error)[0];
    expect(answer.body).toMatchObject({ status: 400, detail: `${where}: ${error.detail}`, errors: [error] });
  });

  /** Wrong values, wherever a body has these fields. */
  const wrongBody = {
    ...{ customerId: 1, items: [{ sku: 1, quantity: 'x' }], name: 1, price: { amount: 'x', currency: 1 } },
    ...{ email: 1, amount: null, quantity: [], charge: 'x', reserve: 'x', mail: { mode: 'x', refusals: -1 } },
    deliveries: { duplicate: 2, delay: 'x', maxDelayMs: 0.5 },
  };

  test('of whatever operation, in whatever part', async () => {
    const { body: document } = await api.call('GET', '/openapi.json');
    const told: { readonly of: string; readonly detail: string }[] = [];
    for (const { method, path, parameters, responses } of operationsOf(document as ApiDocument)) {
      // A stream never ends.
      if ('text/event-stream' in (responses.get(200)?.content ?? {})) continue;
      const right = path
        .replace('{orderId}', randomUUID())
        .replace(/\{id\}/, '1')
        .replace(/\{\w+\}/, 'x');
      const names = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const queries = [`x=1`, names.map((name) => `${name}=a&${name}=b`).join('&')];
      const paths = [path.replace(/\{\w+\}/, '%00'), ...queries.map((query) => `${right}?${query}`)];
      const bodies = method === 'GET' ? [undefined] : [undefined, 7, {}, wrongBody];
      for (const sent of paths.flatMap((one) => bodies.map((body) => ({ one, body })))) {
        const { body } = await api.call(method, sent.one, sent.body === undefined ? {} : { body: sent.body });
        const { errors = [] } = body as { readonly errors?: readonly { readonly detail: string }[] };
        told.push(...errors.map(({ detail }) => ({ of: `${method} ${sent.one}`, detail })));
      }
    }
    expect(told.length).toBeGreaterThan(100);
    const good = /^((missing, )?expected |unknown (field|parameter)$)/;
    expect(told.filter(({ detail }) => !good.test(detail))).toEqual([]);
  });
});

describe('around the resources', () => {
  test.each([
    ['DELETE', '/orders', 'GET, HEAD, POST'],
    ['POST', '/customers/alice', 'GET, HEAD, PUT'],
    ['GET', '/wallets/alice/deposits', 'POST'],
    ['PATCH', '/healthz', 'GET, HEAD'],
  ])('%s %s is answered with 405', async (method, path, allow) => {
    const answer = await api.call(method, path);
    expect(answer).toMatchObject({ status: 405, body: { type: '/problems/method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test('OPTIONS tells the methods', async () => {
    const answer = await api.call('OPTIONS', '/orders');
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST']);
  });

  test.each(['/nothing', '/orders/x/y/z'])('%s is not there', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
  });

  test.each([
    '/orders/not-a-uuid',
    '/customers/%00',
    '/customers/%zz',
    '/orders?limit=0',
    '/orders?limit=101',
    '/orders?limit=two',
    '/orders?status=LOST',
    '/orders?cursor=nonsense',
    '/orders?unknown=1',
    '/notifications',
    '/mails?orderId=x',
  ])('%s is malformed', async (path) => {
    expect(await api.call('GET', path)).toMatchObject({
      status: 400,
      body: { type: '/problems/malformed-request' },
    });
  });

  test('the type of a problem is an address that explains it', async () => {
    const { body } = await api.call('GET', '/nothing');
    const explained = await api.call('GET', (body as { type: string }).type);
    expect(explained).toMatchObject({ status: 200, body: { type: '/problems/not-found', status: 404 } });
    expect((await api.call('GET', '/problems/none')).status).toBe(404);
  });
});
