import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.js';
import { createLogger } from '../../platform/logger.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { operationsOf, type ApiDocument } from '../support/documented.js';

let api: TestApi;
let document: ApiDocument;
beforeAll(async () => {
  api = await startTestApi();
  document = (await api.call('GET', '/openapi.json')).body as ApiDocument;
});
afterAll(() => api.close());

/** The parts of Express's routers that lead to every route. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** `GET /orders/{orderId}` and so on, as Express has them; `_all` is the 405. */
function routesOf({ stack }: { readonly stack: readonly Layer[] }): readonly string[] {
  return stack.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? routesOf({ stack: handle.stack }) : [];
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const methods = Object.keys(route.methods).filter((method) => method !== '_all');
    return methods.map((method) => `${method.toUpperCase()} ${path}`);
  });
}

describe('the document', () => {
  test('is valid OpenAPI 3.1, of the version of the package', async () => {
    const validator = new Validator();
    expect(await validator.validate({ ...document })).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(document.info.version).toBe(version);
  });

  test('says that there is no authentication, and asks for none', () => {
    expect(document.info.description).toMatch(/no authentication yet/i);
    expect(document.components).not.toHaveProperty('securitySchemes');
  });

  test('has every route of the app but the page at /, and nothing else', () => {
    const app = createApp({
      pools: api.db.pools,
      client: api.temporal.client,
      temporalUiUrl: 'http://temporal.example',
      orderWaits: { payment: 1, saga: 1 },
      log: createLogger('test', 'silent'),
      stopping: new AbortController().signal,
    });
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(['GET /', ...described].toSorted()).toEqual(
      routesOf(app.router as unknown as { stack: Layer[] }).toSorted(),
    );
  });

  test('names only what is there: every operation is among the methods that OPTIONS tells', async () => {
    for (const { method, path } of operationsOf(document)) {
      const answer = await api.call('OPTIONS', path.replaceAll(/\{\w+\}/g, '1'));
      expect([answer.status, answer.headers.get('allow')?.split(', ')], path).toEqual([
        204,
        expect.arrayContaining([method]),
      ]);
    }
  });

  test('gives every operation an id of its own, a success, and problem documents for all else', () => {
    const operations = operationsOf(document);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, responses } of operations) {
      expect(
        [...responses.keys()].some((status) => status < 300),
        operationId,
      ).toBe(true);
      for (const [status, { content }] of responses)
        if (status >= 400)
          expect(Object.keys(content ?? {}), `${operationId}, ${status}`).toEqual([
            'application/problem+json',
          ]);
    }
  });
});

describe('the page', () => {
  test('needs nothing but what is served here', async () => {
    const { status, headers, body } = await api.call('GET', '/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';img-src 'self' data:;/);
    const links = [...(body as string).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link ?? '');
    expect(links).toHaveLength(4);
    for (const link of links.filter((one) => one !== 'data:,')) {
      const file = await api.call('GET', link);
      expect([link, file.status]).toEqual([expect.stringMatching(/^\/docs\//), 200]);
      expect(file.headers.get('cache-control')).toBe('no-cache');
    }
  });

  test('shows our document; the viewer’s own page is not served', async () => {
    expect((await api.call('GET', '/docs/start.js')).body).toContain(`url: '/openapi.json'`);
    expect((await api.call('GET', '/docs/index.html')).status).toBe(404);
  });
});
