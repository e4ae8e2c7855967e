import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseVariable } from '../../platform/variables.js';
import { checkSearchAttributes } from '../../platform/search-attributes.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { logins, ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE } from '../../schemas/services.js';
import { until } from '../e2e/running-system.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';
import { freePort } from '../../platform/ports.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const required = [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE];
const bare = `bare-${randomUUID()}`;
const command =
  `temporal operator search-attribute create --namespace ${bare} ` +
  '--name OrderId --type Keyword --name OrderSagaStatus --type Keyword';
const message = `search attributes are not registered: OrderId, OrderSagaStatus; run: ${command}`;

let temporal: TestNamespace;
let db: TestDatabase;
let client: Client;
beforeAll(async () => {
  [temporal, db] = await Promise.all([createTestNamespace(), createTestDatabase()]);
  const { connection } = temporal.client;
  await connection.workflowService.registerNamespace({
    namespace: bare,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  client = new Client({ connection, namespace: bare });
  const isThere = () =>
    client.workflow.count().then(
      () => true,
      () => false,
    );
  await until(isThere, 30_000);
});
afterAll(() => Promise.all([temporal.close(), db.close()]));

test('a namespace that has them is let through', async () => {
  await checkSearchAttributes(temporal.client, temporal.namespace, required);
});

test.each([
  ['worker', ['bin/worker.ts', 'payment']],
  ['API', ['bin/api.ts']],
] as const)('the %s does not start without them, and says the command to run', async (_, script) => {
  const databases = Object.fromEntries(logins.map((login) => [databaseVariable(login), db.urls[login]]));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', ...script], {
    cwd: root,
    env: {
      ...{ PATH, HOME, ...databases, API_PORT: String(await freePort()) },
      ...{ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: bare },
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    await until(() => child.exitCode !== null, 30_000);
  } finally {
    child.kill('SIGKILL');
  }
  expect(child.exitCode).toBe(1);
  expect(output).toContain(message);
});

test('the command that is said is the one that helps', async () => {
  await expect(checkSearchAttributes(client, bare, required)).rejects.toThrow(message);
  const [, ...args] = command.split(' ');
  await promisify(execFile)(await findTemporalCli(console.log), [...args, '--address', temporal.address]);
  await expect
    .poll(() => checkSearchAttributes(client, bare, required).then(() => 'registered', String), {
      timeout: 30_000,
    })
    .toBe('registered');
});
