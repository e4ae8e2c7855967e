import {
  ApplicationFailure,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { z } from 'zod';
import { choreography } from '../schemas/catalogue.js';
import type { EpochMillis } from '../core/event.js';
import type { OrderId } from '../schemas/ids.js';
import type { OrderStatus } from '../schemas/order-status.js';
import { PLACEMENT_MEMO, type OrderArguments, type Placement } from '../schemas/placement.js';
import { ORDER_STATUS_ATTRIBUTE, RETRY_NOTIFICATION } from '../schemas/services.js';
import { keyword, participantOf } from '../core/activity/delivery.js';
import { workflowIdOf, workflowTypeOf } from '../core/choreography.js';

/** An order that Temporal accepted, stored or not. */
export interface AcceptedOrder {
  readonly placement: Placement;
  readonly acceptedAt: EpochMillis;
}

/** NOT_PARKED: there is nothing to retry. NO_ANSWER: no worker took the request within 5 s. */
export type RetryOutcome = 'ACCEPTED' | 'NOT_PARKED' | 'NO_ANSWER';

const CALL_MS = 5_000;

/**
 * Starts the order participant unless it is running. A second run for the same order is harmless: it finds the order
 * stored. Throws if Temporal does not confirm within 5 s.
 */
export async function startOrder(client: Client, orderId: OrderId, placement: Placement): Promise<void> {
  const status: OrderStatus = 'PENDING_PAYMENT';
  const args: OrderArguments = [orderId, placement];
  const participant = participantOf(choreography, 'order', orderId);
  await client.withDeadline(Date.now() + CALL_MS, () =>
    client.workflow.start(workflowTypeOf('order'), {
      ...participant,
      args: [...args],
      memo: { [PLACEMENT_MEMO]: placement },
      typedSearchAttributes: [...participant.typedSearchAttributes, keyword(ORDER_STATUS_ATTRIBUTE, status)],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    }),
  );
}

/** What the newest run of the order participant was started with; undefined if no placement started it. */
export async function findAccepted(client: Client, orderId: OrderId): Promise<AcceptedOrder | undefined> {
  try {
    const { memo, startTime } = await client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.getHandle(workflowIdOf('order', orderId)).describe(),
    );
    const placement = placementMemo.safeParse(memo?.[PLACEMENT_MEMO]);
    if (!placement.success) return undefined;
    return { placement: placement.data, acceptedAt: startTime.getTime() as EpochMillis };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
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
    await client.withDeadline(Date.now() + CALL_MS, () =>
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

const money = z.object({ amount: z.int().min(0), currency: z.string() });

/** Anyone who can start workflows can write a memo, so it is checked before it is shown. */
const placementMemo = z
  .object({
    customerId: z.string(),
    items: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: money })),
    total: money,
    correlationId: z.string(),
    requestDigest: z.string().nullable(),
  })
  .transform((memo) => memo as unknown as Placement);
