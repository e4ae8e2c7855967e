import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSearchAttributes } from '../../platform/search-attributes.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { startTemporal } from '../../platform/temporal-server.js';
import { freePort } from '../../platform/ports.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const DAY = 24 * 3_600_000;

test('the embedded server has the namespace that it is asked for, also on data that it had before', async () => {
  const binary = await findTemporalCli(console.log);
  for (const namespace of [undefined, 'shop', 'shop'] as const) {
    const server = await startTemporal({
      ...{
        binary,
        dbFile: path.join(folder, 'temporal.db'),
        port: await freePort(),
        uiPort: await freePort(),
      },
      ...(namespace === undefined ? {} : { namespace }),
      searchAttributes: ['OrderId'],
    });
    const name = namespace ?? 'default';
    const connection = await Connection.connect({ address: server.address });
    try {
      const { config } = await connection.workflowService.describeNamespace({ namespace: name });
      expect(tsToMs(config?.workflowExecutionRetentionTtl)).toBe(30 * DAY);
      await checkSearchAttributes(new Client({ connection, namespace: name }), name, ['OrderId']);
    } finally {
      await connection.close();
      await server.stop();
    }
  }
});
