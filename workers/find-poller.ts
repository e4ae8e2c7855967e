import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Worker } from '@temporalio/worker';

const ANSWER_MS = 2_000;

const taskQueueType = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;

/** The worker as Temporal knows it: one that polls its task queue. Undefined where Temporal has not heard of it. */
export async function findPoller(
  worker: Worker,
  client: Client,
): Promise<proto.temporal.api.taskqueue.v1.IPollerInfo | undefined> {
  const { identity, namespace, taskQueue } = worker.options;
  const { pollers } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
    client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType }),
  );
  return pollers.find((poller) => poller.identity === identity);
}
