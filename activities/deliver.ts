import type { Client } from '@temporalio/client';
import { deliveryOf, workflowTypeOf } from '../schemas/services.js';
import type { Deliver } from './publish.js';

/** Signals the subscriber's participant; rejects when Temporal does not confirm within 3 s. */
export const deliverBySignal =
  (client: Client): Deliver =>
  async (subscriber, event) => {
    await client.withDeadline(Date.now() + 3_000, () =>
      client.workflow.signalWithStart(workflowTypeOf(subscriber), deliveryOf(subscriber, event)),
    );
  };
