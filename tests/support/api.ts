import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../api/app.js';
import type { ApiDependencies } from '../../api/dependencies.js';
import { createLogger } from '../../platform/logger.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { expectDocumented, type ApiDocument } from './documented.js';
import { createTestNamespace, type TestNamespace } from './temporal.js';

/** The API on a free port, with a database and a Temporal namespace of its own. No worker runs. */
export interface TestApi {
  readonly url: string;
  readonly db: TestDatabase;
  readonly temporal: TestNamespace;
  readonly call: Call;
  /** Another API on the same servers, which remembers nothing of what this one has computed. */
  serveAgain(): ReturnType<typeof serve>;
  close(): Promise<void>;
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export interface CallOptions {
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What JSON says; other text as it is. */
  readonly body: unknown;
}

/** Call it in `beforeAll`, and `close` in `afterAll`; `overrides` put something else in a dependency's place. */
export async function startTestApi(overrides: Partial<ApiDependencies> = {}): Promise<TestApi> {
  const [db, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
  const deps = {
    pools: db.pools,
    client: temporal.client,
    temporalUiUrl: 'http://temporal.example',
    log: createLogger('test', 'silent'),
    stopping: new AbortController().signal,
    ...overrides,
  };
  const served = await serve(deps);
  const close = async () => {
    await served.close();
    await Promise.all([db.close(), temporal.close()]);
  };
  return { ...served, serveAgain: () => serve(deps), db, temporal, close };
}

/** The product owner's, in ms. */
const orderWaits = { payment: 300_000, saga: 600_000 };

/** Serves the app with these very dependencies. */
export async function serve(deps: Omit<ApiDependencies, 'orderWaits'> & Partial<ApiDependencies>) {
  const server = createApp({ orderWaits, ...deps }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url, call: callTo(url), close };
}

/** Every answer has to be one that the API's own document promises. */
function callTo(url: string): Call {
  let document: Promise<ApiDocument> | undefined;
  return async (method, path, options) => {
    const answer = await send(url, method, path, options);
    document ??= send(url, 'GET', '/openapi.json').then(({ body }) => body as ApiDocument);
    expectDocumented(await document, { method, path, ...answer });
    return answer;
  };
}

async function send(
  url: string,
  method: string,
  path: string,
  { body, headers = {}, signal }: CallOptions = {},
): Promise<Answer> {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: sent }),
    ...(signal ? { signal } : {}),
  });
  const text = await answer.text();
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  const seen: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return { status: answer.status, headers: answer.headers, body: seen };
}
