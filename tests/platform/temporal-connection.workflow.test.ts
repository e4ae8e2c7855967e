import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp2Server, type IncomingHttpHeaders } from 'node:http2';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTemporalConfig } from '../../platform/temporal-config.js';
import { auditUntilClean, findRunning } from '../../tools/audit/system.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';
import { certificate } from '../support/certificates.js';
import { listen, proxyTo, type TlsProxy } from '../support/tls-proxy.js';

let temporal: TestNamespace;
let db: TestDatabase;
let open: TlsProxy;
let mutual: TlsProxy;
beforeAll(async () => {
  installQuietRuntime();
  [temporal, db] = await Promise.all([createTestNamespace(), createTestDatabase()]);
  [open, mutual] = await Promise.all([proxyTo(temporal.address, false), proxyTo(temporal.address, true)]);
});
afterAll(() => Promise.all([temporal.close(), db.close(), open.close(), mutual.close()]));

const pem = (name: string) => readFileSync(certificate(name));

const trusting = {
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificate('ca.pem'),
  TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
};
const known = {
  ...trusting,
  TEMPORAL_TLS_CLIENT_CERT_DATA: pem('client.pem').toString(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('client-key.pem'),
};

type Settings = Readonly<Record<string, string>>;

/** What the worker, the API and the auditor each do with the same environment. */
const programs: Readonly<Record<string, (env: Settings) => Promise<void>>> = {
  worker: async (env) => (await NativeConnection.connect(readTemporalConfig(env).connection)).close(),
  API: async (env) => {
    const connection = Connection.lazy({ ...readTemporalConfig(env).connection, connectTimeout: 3_000 });
    try {
      await connection.ensureConnected();
    } finally {
      await connection.close();
    }
  },
  auditor: async (env) => {
    const system = findRunning({ ...env, DATABASE_URL: db.ownerUrl }, '/nowhere');
    if (!system) throw new Error('there is no system to audit');
    expect(await auditUntilClean(system, { grace: 0, wait: 0 })).toMatchObject({ findings: [] });
  },
};

/** How each says that it cannot connect; only the worker's core knows why. */
const says: Readonly<Record<string, RegExp>> = {
  worker: /UnknownIssuer|NotValidForName|BrokenPipe|InvalidContentType|CertificateRequired/,
  API: /^Failed to connect before the deadline/,
  auditor: /^Temporal cannot be reached at 127\.0\.0\.1:\d+: Failed to connect/,
};

const settings = (server: { readonly address: string }, more: Settings = {}): Settings => ({
  TEMPORAL_ADDRESS: server.address,
  TEMPORAL_NAMESPACE: temporal.namespace,
  ...more,
});
const { TEMPORAL_TLS_SERVER_NAME } = trusting;

test.concurrent.each(Object.keys(programs))('%s: reaches the server that it is told of', async (name) => {
  const reach = programs[name] ?? expect.fail();
  await reach(settings(temporal));
  await reach(settings(open, trusting));
  await reach(settings(mutual, known));
});

test.concurrent.each(
  Object.keys(programs).flatMap(
    (name) =>
      [
        [name, 'an authority that it does not know', () => settings(open, { TEMPORAL_TLS_SERVER_NAME })],
        [name, 'another name', () => settings(open, { ...trusting, TEMPORAL_TLS_SERVER_NAME: 'other.test' })],
        [name, 'TLS, where none is asked for', () => settings(open)],
        [name, 'no TLS, where it is asked for', () => settings(temporal, { TEMPORAL_TLS: 'true' })],
        [name, 'a wish for a certificate that it has not', () => settings(mutual, trusting)],
      ] as const,
  ),
)('%s: does not reach a server with %s', async (name, _, env) => {
  const reach = programs[name] ?? expect.fail();
  await expect(reach(env())).rejects.toThrow(says[name]);
});

test('the API key and the headers are sent with each request', async () => {
  let seen: IncomingHttpHeaders = {};
  const server = createHttp2Server((request, response) => {
    seen = request.headers;
    response.stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' },
      {
        endStream: true,
      },
    );
  });
  const TEMPORAL_ADDRESS = await listen(server);
  const keyed = { TEMPORAL_ADDRESS, TEMPORAL_TLS: 'false', TEMPORAL_API_KEY: 'a-key' };
  const { connection: options } = readTemporalConfig({ ...keyed, TEMPORAL_GRPC_META_X_MY_TEAM: 'orders' });
  const connection = Connection.lazy(options);
  await expect(connection.workflowService.getSystemInfo({})).rejects.toThrow('UNIMPLEMENTED');
  expect(seen).toMatchObject({ authorization: 'Bearer a-key', 'x-my-team': 'orders' });
  await connection.close();
  server.close();
  await once(server, 'close');
});
