import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { ORDER_ID_ATTRIBUTE, participantOf, workflowTypeOf } from '../schemas/services.js';
import type { Deliver } from './publish.js';

const orderIdKey = defineSearchAttributeKey(ORDER_ID_ATTRIBUTE, SearchAttributeType.KEYWORD);

/** Signals the subscriber's participant, and starts it where it does not run: its first event, or a late one. */
export function deliverBySignal(client: Client): Deliver {
  return async (subscriber, { type, payload }) => {
    const { orderId } = payload;
    await client.withDeadline(Date.now() + 3_000, () =>
      client.workflow.signalWithStart(workflowTypeOf(subscriber), {
        ...participantOf(subscriber, orderId),
        args: [orderId],
        signal: type,
        signalArgs: [payload],
        typedSearchAttributes: [{ key: orderIdKey, value: orderId }],
      }),
    );
  };
}
