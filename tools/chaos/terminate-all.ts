import { Client, Connection } from '@temporalio/client';
import { withoutProxy } from '../../platform/loopback.js';

/** Terminates every workflow that runs, as an operator may do by mistake. */
export async function terminateAll(address: string): Promise<void> {
  const connection = await Connection.connect({ address, ...withoutProxy });
  try {
    const { workflow } = new Client({ connection });
    for await (const { workflowId } of workflow.list({ query: `ExecutionStatus = 'Running'` }))
      await workflow
        .getHandle(workflowId)
        .terminate('chaos')
        .catch(() => undefined);
  } finally {
    await connection.close();
  }
}
