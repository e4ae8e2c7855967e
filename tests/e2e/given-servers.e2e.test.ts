import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailTag } from '../../bin/config.js';
import { startPostgres, type EmbeddedPostgres } from '../../platform/embedded-postgres.js';
import { startMailCatcher, type MailCatcher } from '../../platform/mail-catcher.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { startTemporal, type TemporalServer } from '../../platform/temporal-server.js';
import { ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE } from '../../schemas/services.js';
import { certificate } from '../support/certificates.js';
import { proxyTo, type TlsProxy } from '../support/tls-proxy.js';
import { RunningSystem } from './running-system.js';
import { freePort } from '../../platform/ports.js';

let folder: string;
let postgres: EmbeddedPostgres;
let temporal: TemporalServer;
let proxy: TlsProxy;
let mails: MailCatcher;
let system: RunningSystem;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-given-'));
  const [port, uiPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  postgres = await startPostgres({ dataDir: folder });
  temporal = await startTemporal({
    ...{ binary: await findTemporalCli(console.log), dbFile: path.join(folder, 'temporal.db'), port, uiPort },
    namespace: 'given',
    searchAttributes: [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE],
  });
  proxy = await proxyTo(temporal.address, true);
  mails = await startMailCatcher({ smtpPort, dataDir: folder, tag: mailTag });
  system = await RunningSystem.prepare({
    DATABASE_URL: postgres.ownerUrl,
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_NAMESPACE: 'given',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificate('ca.pem'),
    TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
    TEMPORAL_TLS_CLIENT_CERT_PATH: certificate('client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: certificate('client-key.pem'),
    SMTP_URL: mails.smtpUrl,
    // Not for the system, which has no use for it: where the histories are kept from.
    TEMPORAL_PORT: String(port),
  });
});
afterAll(async () => {
  await system.remove();
  await proxy.close();
  await Promise.all([postgres.stop(), temporal.stop(), mails.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Order {
  readonly orderId: string;
  readonly status: string;
}

test('what the environment gives is used, and nothing is started in its place', async () => {
  await system.startFromSources('--one-worker', '--chaos');
  const items = [{ sku: 'mouse', quantity: 1 }];
  const placed = await system.call<Order>(
    'POST',
    '/orders',
    { customerId: 'alice', items },
    { prefer: 'wait=30' },
  );
  expect(placed.body).toMatchObject({ status: 'COMPLETED' });
  const caught = await fetch(`${mails.listUrl}?orderId=${placed.body.orderId}`);
  expect(await caught.json()).toMatchObject({ mails: [{ to: 'alice@shop.example' }] });
  expect((await system.call('GET', `/mails?orderId=${placed.body.orderId}`)).status).toBe(404);

  const commands = system.processes().map(({ command }) => command);
  const [worker, ...others] = commands.filter((command) => /^\S*node\S* .*worker\.ts/.test(command));
  expect([worker, others]).toEqual([expect.stringMatching(/ order payment inventory notification$/), []]);
  expect(commands.filter((command) => /^\S*node\S* .*api\.ts/.test(command))).toHaveLength(1);
  expect(commands.filter((command) => /postgres|start-dev/.test(command))).toEqual([]);
  const kept = await readdir(system.dataDir);
  expect(kept.filter((name) => /^(postgres|temporal\.db|mails\.jsonl)/.test(name))).toEqual([]);
});

test('chaos: whatever workers deliver twice, late, overtaken or deny, the demo and the auditor find nothing', async () => {
  expect(await system.succeeds('tools/demo', '--orders', '15')).toBe(true);
  const { body } = await system.call<{ quarantine: unknown[] }>('GET', '/quarantine');
  expect(body.quarantine).toEqual([]);
  expect(await system.isClean()).toBe(true);
});
