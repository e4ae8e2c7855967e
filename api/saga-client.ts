import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { choreography } from '../schemas/catalogue.js';
import type { OrderId } from '../schemas/ids.js';
import type { OrderStatus } from '../schemas/order-status.js';
import { ORDER_STATUS_ATTRIBUTE, RETRY_NOTIFICATION } from '../schemas/services.js';
import { keyword, participantOf } from '../core/activity/delivery.js';
import { workflowIdOf, workflowTypeOf } from '../core/choreography.js';

/** NOT_PARKED: there is nothing to retry. NO_ANSWER: no worker took the request within 5 s. */
export type RetryOutcome = 'ACCEPTED' | 'NOT_PARKED' | 'NO_ANSWER';

/** An operator waits for the answer to an Update. */
const UPDATE_MS = 5_000;
/** The order is stored, so whoever placed it need not wait for Temporal. */
const START_MS = 1_000;

/**
 * Starts the order participant, with the id alone, unless it is running. A second run for the same order is harmless:
 * the row decides. Throws if Temporal does not confirm within 1 s.
 */
export async function startOrder(client: Client, orderId: OrderId): Promise<void> {
  const status: OrderStatus = 'PENDING_PAYMENT';
  const participant = participantOf(choreography, 'order', orderId);
  await client.withDeadline(Date.now() + START_MS, () =>
    client.workflow.start(workflowTypeOf('order'), {
      ...participant,
      args: [orderId],
      typedSearchAttributes: [...participant.typedSearchAttributes, keyword(ORDER_STATUS_ATTRIBUTE, status)],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
  );
}

/** Asks a parked notification participant for another round of attempts, once per `updateId`. */
export async function retryNotification(
  client: Client,
  orderId: OrderId,
  operator: string,
  updateId: string,
): Promise<RetryOutcome> {
  const handle = client.workflow.getHandle(workflowIdOf('notification', orderId));
  try {
    await client.withDeadline(Date.now() + UPDATE_MS, () =>
      handle.executeUpdate(RETRY_NOTIFICATION, { args: [{ operator }], updateId }),
    );
    return 'ACCEPTED';
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'NO_ANSWER';
    if (error instanceof WorkflowNotFoundError || isRefusal(error)) return 'NOT_PARKED';
    throw error;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === 'NOT_PARKED';
