import type { Client } from '@temporalio/client';

export interface HistorySize {
  readonly events: number;
  /** Each is a write of the workflow's state by the server. */
  readonly transitions: number;
}

/** Of the workflows of one order, together. */
export async function historyOf(client: Client, workflowIds: readonly string[]): Promise<HistorySize> {
  const runs = await Promise.all(workflowIds.map((id) => client.workflow.getHandle(id).describe()));
  return {
    events: sum(runs.map(({ historyLength }) => historyLength)),
    transitions: sum(runs.map(({ raw }) => Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0))),
  };
}

/** Waits until these have closed: some go on for a moment after their order is final. */
export async function untilClosed(client: Client, workflowIds: readonly string[]): Promise<void> {
  await Promise.all(workflowIds.map((id) => client.workflow.getHandle(id).result()));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
