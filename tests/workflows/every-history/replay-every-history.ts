import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { services } from '../../../schemas/services.js';

const folder = process.env['TEST_HISTORIES_DIR'] ?? '';

/** Replays half of what the suite has produced, so that both halves are replayed at the same time. */
export const replayEveryHistory = (half: 0 | 1): void =>
  test.skipIf(folder === '')(
    'every history that the suite has produced replays with the present code',
    async () => {
      const files = readdirSync(folder).filter((_, index) => index % 2 === half);
      const workflowBundle = { code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') };
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
        expect(files.filter((file) => file.startsWith(`${service}-`)).length).toBeGreaterThan(10);
    },
  );
