import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import { databaseVariable } from '../../platform/variables.js';
import { services } from '../../schemas/services.js';
import { readWorkerConfig } from '../../workers/config.js';
import { runWorkers } from '../../workers/run-workers.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { installQuietRuntime } from '../support/quiet-runtime.js';
import { createTestNamespace, type TestNamespace } from '../support/temporal.js';

let db: TestDatabase;
let temporal: TestNamespace;
beforeAll(async () => {
  installQuietRuntime();
  [db, temporal] = await Promise.all([createTestDatabase(), createTestNamespace()]);
});
afterAll(() => Promise.all([db.close(), temporal.close()]));

test('where the worker of one service fails, the others of its process stop, and the failure is known', async () => {
  const env = {
    ...Object.fromEntries(services.map((service) => [databaseVariable(service), db.urls[service]])),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    WORKFLOW_BUNDLE: process.env['TEST_WORKFLOW_BUNDLE'],
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: 'silent',
  };
  const lacksItsBundle = { ...readWorkerConfig('inventory', env), workflowBundle: '/nowhere' };
  const others = services.filter((service) => service !== 'inventory');
  const configs = [...others.map((service) => readWorkerConfig(service, env)), lacksItsBundle];
  const running = runWorkers(configs, createLogger('test', 'silent'), new AbortController().signal);
  await expect(running).rejects.toThrow('ENOENT');
});
