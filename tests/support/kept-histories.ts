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

/**
 * Keeps the histories of all runs that a namespace has, but for those that failed: only a wrong start does, which a
 * replay does not notice (`core/workflow/temporal.ts`). Memos are not read: a stranger's may be undecodable.
 */
export async function keepHistoriesOf({ workflow, workflowService, options }: Client): Promise<void> {
  if (process.env['TEST_HISTORIES_DIR'] === undefined) return;
  const { namespace } = options;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await workflowService.listWorkflowExecutions({
      namespace,
      query: `ExecutionStatus != 'Failed'`,
      ...(nextPageToken && { nextPageToken }),
    });
    for (const { execution } of page.executions)
      await keepHistory(workflow.getHandle(execution?.workflowId ?? '', execution?.runId ?? ''));
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0);
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
