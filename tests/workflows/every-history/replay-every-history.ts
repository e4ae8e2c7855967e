import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { services, type Service } from '../../../schemas/services.js';
import { shapeOf } from './shape.js';

const folder = process.env['TEST_HISTORIES_DIR'] ?? '';
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');

/**
 * Replays what the suite has produced for half of the services, so that both halves are replayed at the same time. Of
 * histories of one shape, which a participant cannot tell apart, one is replayed.
 */
export const replayEveryHistory = (half: 0 | 1): void =>
  test.skipIf(folder === '')(
    'every history that the suite has produced replays with the present code, one of each shape',
    async () => {
      const own = services.filter((_, index) => index % 2 === half);
      const files = readdirSync(folder).filter((file) => own.includes(serviceOf(file)));
      const shapes = new Map(files.map((file) => [shapeOf(read(file)), file]));
      const workflowBundle = { code: readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8') };
      let replayed = 0;
      for await (const { workflowId, error } of Worker.runReplayHistories(
        { workflowBundle },
        toReplay(shapes.values()),
      )) {
        expect(error, workflowId).toBeUndefined();
        replayed++;
      }
      console.log(`${files.length} histories of ${replayed} shapes replayed`);
      expect(replayed).toBe(shapes.size);
      for (const service of own)
        expect(files.filter((file) => serviceOf(file) === service).length).toBeGreaterThan(10);
    },
  );

/** Throws where a history is nobody's: it would be replayed in neither half. */
function serviceOf(file: string): Service {
  const service = services.find((name) => file.startsWith(`${name}-`));
  if (service === undefined) throw new Error(`${file} is of no service`);
  return service;
}

/** One after the other: some are large. */
function* toReplay(files: Iterable<string>) {
  for (const file of files)
    yield { workflowId: file.split('.')[0] ?? file, history: historyFromJSON(JSON.parse(read(file))) };
}
