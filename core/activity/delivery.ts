import type { Client } from '@temporalio/client';
import { sagaIdOf, taskQueueOf, workflowIdOf, workflowTypeOf, type Choreography } from '../choreography.js';
import type { AnyEvent, SagaId } from '../event.js';
import type { Deliver } from './outbox.js';

/**
 * Delivers an event as a signal, which starts the subscriber's participant where it does not run: its first event, or
 * a late one. Rejects when Temporal does not confirm within 3 s.
 */
export const deliverBySignal =
  (choreography: Choreography, client: Client): Deliver =>
  async (subscriber, event) => {
    await client.withDeadline(Date.now() + 3_000, () =>
      client.workflow.signalWithStart(
        workflowTypeOf(subscriber),
        deliveryOf(choreography, subscriber, event),
      ),
    );
  };

/** The options of the signal that carries an event to a participant. */
export const deliveryOf = (choreography: Choreography, service: string, event: AnyEvent) => ({
  ...participantOf(choreography, service, sagaIdOf(choreography, event)),
  args: [sagaIdOf(choreography, event)],
  signal: event.type,
  signalArgs: [event.payload],
});

/** Where a participant runs, and how Temporal shows and finds it: alike for whatever starts it. */
export const participantOf = (choreography: Choreography, service: string, sagaId: SagaId) => ({
  workflowId: workflowIdOf(service, sagaId),
  taskQueue: taskQueueOf(service),
  staticSummary: `${service} of ${choreography.sagaKey.replace(/Id$/, '')} ${sagaId}`,
  typedSearchAttributes: [keyword(choreography.sagaAttribute, sagaId)],
});

/** A search attribute of type Keyword, with its value. */
export const keyword = (name: string, value: string) => ({ key: { name, type: 'KEYWORD' }, value }) as const;
