import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import {
  LOOK,
  sagaIdOf,
  taskQueueOf,
  workflowIdOf,
  workflowTypeOf,
  type Choreography,
} from '../choreography.js';
import type { AnyEvent, SagaId } from '../event.js';
import type { Deliver } from './outbox.js';

/**
 * Delivers an event as a signal, which starts the subscriber's participant where it does not run: its first event, or
 * a late one. Rejects when Temporal does not confirm within 3 s.
 */
export const deliverBySignal =
  (choreography: Choreography, client: Client): Deliver =>
  (subscriber, event) =>
    signalOrStart(client, subscriber, deliveryOf(choreography, subscriber, event));

/** Makes a participant look at its row, and starts it where it does not run. Rejects like `deliverBySignal`. */
export const wakeBySignal =
  (choreography: Choreography, client: Client) =>
  (service: string, sagaId: SagaId): Promise<void> =>
    signalOrStart(client, service, signalOf(choreography, service, sagaId, LOOK));

/** Whether a participant runs, as Temporal knows it. Rejects when Temporal does not say within 3 s. */
export const isRunning =
  (client: Client) =>
  async (service: string, sagaId: SagaId): Promise<boolean> => {
    const handle = client.workflow.getHandle(workflowIdOf(service, sagaId));
    try {
      const { status } = await client.withDeadline(Date.now() + TEMPORAL_TIMEOUT, () => handle.describe());
      return status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

/** The options of the signal that carries an event to a participant. */
export const deliveryOf = (choreography: Choreography, service: string, event: AnyEvent) =>
  signalOf(choreography, service, sagaIdOf(choreography, event), event.type, event.payload);

const signalOf = (
  choreography: Choreography,
  service: string,
  sagaId: SagaId,
  signal: string,
  ...signalArgs: readonly unknown[]
) => ({
  ...participantOf(choreography, service, sagaId),
  args: [sagaId],
  signal,
  signalArgs: [...signalArgs],
});

async function signalOrStart(
  client: Client,
  service: string,
  options: ReturnType<typeof signalOf>,
): Promise<void> {
  await client.withDeadline(Date.now() + TEMPORAL_TIMEOUT, () =>
    client.workflow.signalWithStart(workflowTypeOf(service), options),
  );
}

/** How long Temporal may take to answer, in ms. */
const TEMPORAL_TIMEOUT = 3_000;

/** Where a participant runs, and how Temporal shows and finds it: alike for whatever starts it. */
export const participantOf = (choreography: Choreography, service: string, sagaId: SagaId) => ({
  workflowId: workflowIdOf(service, sagaId),
  taskQueue: taskQueueOf(service),
  staticSummary: `${service} of ${choreography.sagaKey.replace(/Id$/, '')} ${sagaId}`,
  typedSearchAttributes: [keyword(choreography.sagaAttribute, sagaId)],
});

/** A search attribute of type Keyword, with its value. */
export const keyword = (name: string, value: string) => ({ key: { name, type: 'KEYWORD' }, value }) as const;
