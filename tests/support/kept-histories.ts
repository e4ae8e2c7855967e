import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
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

/** Keeps the histories of all runs that a namespace has. */
export async function keepHistoriesOf({ workflow }: Client): Promise<void> {
  if (process.env['TEST_HISTORIES_DIR'] === undefined) return;
  for await (const { workflowId, runId } of workflow.list())
    await keepHistory(workflow.getHandle(workflowId, runId));
}

/** The same for a server that the test has no client of. */
export async function keepHistoriesAt(address: string, namespace = 'default'): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await keepHistoriesOf(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}
