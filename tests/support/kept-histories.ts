import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/**
 * Keeps the history of a run for the end of the suite, where every one is replayed with the present code. Without
 * TEST_HISTORIES_DIR, which `npm test` sets, nothing is kept.
 */
export async function keepHistory(handle: WorkflowHandle): Promise<void> {
  const folder = process.env['TEST_HISTORIES_DIR'];
  if (folder === undefined) return;
  const history = await handle.fetchHistory();
  await writeFile(path.join(folder, `${handle.workflowId}.${randomUUID()}.json`), historyToJSON(history));
}
