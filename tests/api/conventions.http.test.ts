import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiDependencies } from '../../api/dependencies.js';
import { createLogger } from '../../platform/logger.js';
import { serve, startTestApi, type Call, type TestApi } from '../support/api.js';
import { operationsOf, type ApiDocument } from '../support/documented.js';
import { seedReferenceData, storeOrder } from '../support/shop.js';

let api: TestApi;
let orderId: string;
beforeAll(async () => {
  api = await startTestApi();
  await seedReferenceData(api.db.owner);
  orderId = (await storeOrder(api.db.owner)).orderId;
});
afterAll(() => api.close());

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The same API with other settings. */
async function serveWith(settings: Partial<ApiDependencies>): Promise<Call> {
  return (await serveAnother(settings)).call;
}

async function serveAnother(settings: Partial<ApiDependencies>) {
  const served = await serve({
    pools: api.db.pools,
    client: api.temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
    ...settings,
  });
  closing.push(served.close);
  return served;
}

describe('ETags', () => {
  test('an answer that did not change is a 304 without a body, one that did comes again', async () => {
    const path = '/products/keyboard';
    const first = await api.call('GET', path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
      const same = await api.call('GET', path, { headers: { 'if-none-match': known } });
      expect([same.status, same.body, same.headers.get('etag')], known).toEqual([304, undefined, etag]);
      expect(same.headers.get('cache-control')).toBe('no-cache');
    }
    await api.call('PUT', path, { body: { name: 'Keys', price: { amount: 1, currency: 'KRW' } } });
    const changed = await api.call('GET', path, { headers: { 'if-none-match': etag } });
    expect([changed.status, changed.body]).toMatchObject([200, { name: 'Keys' }]);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test.each([
    ['/products', 'no-cache'],
    ['/products/mouse', 'no-cache'],
    ['/stock', 'no-cache'],
    ['/problems', 'no-cache'],
    ['/openapi.json', 'no-cache'],
    ['/docs', 'no-cache'],
    ['/customers', 'private, no-cache'],
    ['/customers/alice', 'private, no-cache'],
    ['/wallets', 'private, no-cache'],
    ['/orders', 'private, no-cache'],
    ['/orders/{orderId}', 'private, no-cache'],
    ['/orders/{orderId}/events', 'private, no-cache'],
    ['/notifications?orderId={orderId}', 'private, no-cache'],
  ])('GET %s: %s', async (template, caching) => {
    const path = template.replace('{orderId}', orderId);
    const { status, headers } = await api.call('GET', path);
    expect([status, headers.get('cache-control')]).toEqual([200, caching]);
    const etag = headers.get('etag') ?? '';
    expect((await api.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await api.call('HEAD', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test.each([
    ['GET', '/attention', 200],
    ['GET', '/quarantine', 200],
    ['GET', '/operator-actions', 200],
    ['GET', '/healthz', 200],
    ['GET', '/products/unknown', 404],
    ['GET', '/nothing', 404],
    ['DELETE', '/products', 405],
    ['PUT', '/customers/alice', 200],
  ])('%s %s, %i: not to be stored', async (method, path, status) => {
    const headers = { 'if-none-match': '*' };
    const body = method === 'PUT' ? { name: 'Alice' } : undefined;
    const answer = await api.call(method, path, { headers, ...(body && { body }) });
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('etag')]).toEqual([
      status,
      'no-store',
      null,
    ]);
  });
});

describe('HEAD', () => {
  test('tells what GET does, without the body', async () => {
    const { body: document } = await api.call('GET', '/openapi.json');
    // A stream never ends; tests/feed checks its headers.
    const paths = operationsOf(document as ApiDocument).filter(
      ({ method, responses }) =>
        method === 'GET' && !('text/event-stream' in (responses.get(200)?.content ?? {})),
    );
    expect(paths.length).toBeGreaterThan(15);
    for (const { path: template } of paths) {
      const path = template.replace('{orderId}', orderId).replaceAll(/\{\w+\}/g, 'mouse');
      const [get, head] = [await api.call('GET', path), await api.call('HEAD', path)];
      expect([path, head.status, head.body]).toEqual([path, get.status, undefined]);
      expect(head.headers.get('content-type'), path).toBe(get.headers.get('content-type'));
      expect(head.headers.get('etag'), path).toBe(get.headers.get('etag'));
    }
  });
});

describe('the rate limit', () => {
  test('beyond it 429, and when to come again; health checks do not count', async () => {
    const call = await serveWith({ rateLimit: 3 });
    // The document that every response is compared with is one of the three.
    const first = await call('GET', '/products');
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"3-in-1min"; q=3; w=60/);
    for (let count = 0; count < 5; count++) expect((await call('GET', '/healthz')).status).toBe(200);
    const last = await call('GET', '/products');
    expect([last.status, last.headers.get('ratelimit')]).toEqual([
      200,
      expect.stringMatching(/; r=0; t=\d+$/),
    ]);
    for (const path of ['/products', '/nothing']) {
      const refused = await call('GET', path);
      expect(refused).toMatchObject({
        status: 429,
        body: { type: '/problems/too-many-requests', status: 429 },
      });
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
    expect((await call('GET', '/readyz')).status).toBe(200);
  });

  test('a forwarded address is nobody’s word', async () => {
    const call = await serveWith({ rateLimit: 2 });
    const from = (address: string) =>
      call('GET', '/products', { headers: { 'x-forwarded-for': address, forwarded: `for=${address}` } });
    expect((await from('192.0.2.1')).status).toBe(200);
    expect((await from('192.0.2.2')).status).toBe(429);
  });

  test('0 is no limit', async () => {
    const call = await serveWith({ rateLimit: 0 });
    expect((await call('GET', '/products')).headers.get('ratelimit')).toBeNull();
  });
});

describe('names that the API is reached by', () => {
  /** fetch sets `Host` itself. */
  const statusFor = (url: string, host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${url}/contacts/alice`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  test.each([
    '127.0.0.1:3000',
    '[::1]:3000',
    'LOCALHOST',
    'localhost:80',
    'Shop.example',
    'shop.example:3000',
  ])('%s is served', async (host) => {
    const { url } = await serveAnother({ allowedHosts: ['shop.example'] });
    expect(await statusFor(url, host)).not.toBe(421);
  });

  test.each([
    'evil.example',
    'shop.example.evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '1e3',
  ])('%s is refused, whatever is asked for: a page of that name could read what is here', async (host) => {
    const { url } = await serveAnother({ allowedHosts: ['shop.example'] });
    expect(await statusFor(url, host)).toBe(421);
  });
});

describe('pages of other origins', () => {
  const shop = 'https://shop.example';
  const preflight = {
    origin: shop,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,idempotency-key,prefer',
  };

  test('may nothing unless they are listed', async () => {
    const plain = await api.call('GET', '/products', { headers: { origin: shop } });
    const asked = await api.call('OPTIONS', '/orders', { headers: preflight });
    const other = await (
      await serveWith({ corsOrigins: [shop] })
    )('GET', '/products', { headers: { origin: 'https://evil.example' } });
    for (const { headers } of [plain, asked, other])
      expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(asked.headers.get('access-control-allow-methods')).toBeNull();
    expect(other.headers.get('vary')).toBe('Origin');
  });

  test('may use the API when they are, and read the headers that it tells things by', async () => {
    const call = await serveWith({ corsOrigins: ['https://first.example', shop] });
    const asked = await call('OPTIONS', '/orders', { headers: preflight });
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST']);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': shop,
      'access-control-allow-methods': 'GET,HEAD,PUT,POST',
      'access-control-allow-headers': 'content-type,idempotency-key,prefer',
      'access-control-max-age': '600',
    });
    for (const [path, status] of [
      ['/products', 200],
      ['/products/none', 404],
    ] as const) {
      const { headers, ...answer } = await call('GET', path, { headers: { origin: shop } });
      expect([answer.status, headers.get('access-control-allow-origin')]).toEqual([status, shop]);
      expect(headers.get('access-control-expose-headers')?.split(',')).toEqual(
        expect.arrayContaining(['ETag', 'Location', 'Retry-After', 'Idempotent-Replayed', 'X-Request-Id']),
      );
    }
  });
});

describe('security headers', () => {
  test.each(['/products', '/products/none', '/nothing', '/docs', '/docs/start.js'])(
    '%s has them',
    async (path) => {
      expect(Object.fromEntries((await api.call('GET', path)).headers)).toMatchObject({
        'content-security-policy':
          "default-src 'self';img-src 'self' data:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    },
  );

  test('nothing tells a browser to insist on HTTPS, or what the server is made of', async () => {
    const { headers } = await api.call('GET', '/products');
    for (const name of ['strict-transport-security', 'x-powered-by', 'server'])
      expect(headers.get(name)).toBeNull();
  });
});

test('an answer that depends on Prefer says so', async () => {
  const body = { customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] };
  const { status, headers } = await api.call('POST', '/orders', {
    body,
    headers: { prefer: 'wait=0', 'idempotency-key': randomUUID() },
  });
  expect([status, headers.get('vary'), headers.get('preference-applied')]).toEqual([201, 'Prefer', 'wait=0']);
});
