import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { services } from '../../schemas/services.js';
import { payloadConverterPath, workflowsPath } from '../../workers/worker.js';

const folder = process.env['TEST_HISTORIES_DIR'] ?? '';

test.skipIf(folder === '')(
  'every history that the suite has produced replays with the present code',
  async () => {
    const files = readdirSync(folder);
    const silent = () => undefined;
    const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
    const histories = files.map((file) => ({
      workflowId: file.split('.')[0] ?? file,
      history: historyFromJSON(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))),
    }));
    let replayed = 0;
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      expect(error, workflowId).toBeUndefined();
      replayed++;
    }
    console.log(`${replayed} histories replayed`);
    expect(replayed).toBe(files.length);
    for (const service of services)
      expect(files.filter((file) => file.startsWith(`${service}-`)).length).toBeGreaterThan(20);
  },
);
