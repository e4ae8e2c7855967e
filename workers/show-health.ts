import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Worker } from '@temporalio/worker';
import type { Pool } from '../core/postgres/pool.js';
import { keepHealthFile } from '../platform/health-file.js';
import type { Logger } from '../platform/logger.js';

const ANSWER_MS = 2_000;

const taskQueueType = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;

interface Observed {
  readonly worker: Worker;
  readonly client: Client;
  readonly pool: Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Keeps the file young while the worker can work: its database answers, and Temporal answers and knows it as one
 * that polls. A file that cannot be written leaves the worker working and unhealthy.
 */
export async function showHealth(
  file: string | undefined,
  { worker, client, pool, log, signal }: Observed,
): Promise<void> {
  if (file === undefined) return;
  const canWork = () =>
    Promise.all([isPolling(worker, client), pool.query('select 1')]).then(
      ([polls]) => polls,
      () => false,
    );
  const tell = (isHealthy: boolean) =>
    isHealthy ? log.info('worker is healthy') : log.warn('worker is not healthy');
  await keepHealthFile(file, canWork, signal, tell).catch((error: unknown) =>
    log.error({ err: error }, 'HEALTH_FILE: cannot be written'),
  );
}

async function isPolling(worker: Worker, client: Client): Promise<boolean> {
  const { identity, namespace, taskQueue } = worker.options;
  const { pollers } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType }),
  );
  return worker.getState() === 'RUNNING' && pollers.some((poller) => poller.identity === identity);
}
