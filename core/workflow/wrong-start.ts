import { taskQueueOf, workflowIdOf } from '../choreography.js';
import { isUuid, type SagaId } from '../event.js';

/** Where a run has been started. */
export interface StartedAt {
  readonly workflowId: string;
  readonly taskQueue: string;
}

/** What is wrong with a start of a service's participant, by its first argument and its place; undefined if nothing. */
export function flawOfStart(
  service: string,
  sagaId: unknown,
  { workflowId, taskQueue }: StartedAt,
): string | undefined {
  if (!isUuid(sagaId)) return flawOfSagaId(sagaId);
  const expected = workflowIdOf(service, sagaId as SagaId);
  if (workflowId !== expected) return `expected the workflow id ${expected}, found ${workflowId}`;
  if (taskQueue !== taskQueueOf(service))
    return `expected the task queue ${taskQueueOf(service)}, found ${taskQueue}`;
  return undefined;
}

/** What is wrong with the first argument itself, wherever the run is. */
export const flawOfSagaId = (sagaId: unknown): string | undefined =>
  isUuid(sagaId) ? undefined : "expected the saga's id, a UUID in lower case, as the first argument";
