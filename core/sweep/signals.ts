import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { deliverBySignal, participantOf } from '../activity/delivery.js';
import { LOOK, workflowIdOf, workflowTypeOf, type Choreography } from '../choreography.js';
import type { SagaId } from '../event.js';
import type { SweepSignals } from './sweep.js';

/** A sweep's signals, by Temporal; each rejects when Temporal does not confirm it within 3 s. */
export function sweepSignals(choreography: Choreography, client: Client): SweepSignals {
  const inTime = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + 3_000, call);
  return {
    deliver: deliverBySignal(choreography, client),
    wake: (service, sagaId) => inTime(() => wake(choreography, client, service, sagaId)),
    isRunning: (service, sagaId) => inTime(() => isRunning(client, service, sagaId)),
  };
}

async function wake(choreography: Choreography, client: Client, service: string, sagaId: SagaId) {
  await client.workflow.signalWithStart(workflowTypeOf(service), {
    ...participantOf(choreography, service, sagaId),
    args: [sagaId],
    signal: LOOK,
    signalArgs: [],
  });
}

const isRunning = (client: Client, service: string, sagaId: SagaId): Promise<boolean> =>
  client.workflow
    .getHandle(workflowIdOf(service, sagaId))
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      (error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      },
    );
