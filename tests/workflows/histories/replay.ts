import { Worker } from '@temporalio/worker';
import { replayable, type CommittedHistory } from './committed.js';

/** Replays the histories with this bundle; each that fails, with the reason. */
export async function failuresOf(
  code: string,
  histories: readonly CommittedHistory[],
  { stopAtFirst = false } = {},
): Promise<readonly string[]> {
  const failures: string[] = [];
  const results = Worker.runReplayHistories({ workflowBundle: { code } }, histories.map(replayable));
  for await (const { workflowId, error } of results) {
    if (error) failures.push(`${workflowId}: ${error.name}: ${error.message}`);
    if (error && stopAtFirst) break;
  }
  return failures;
}
