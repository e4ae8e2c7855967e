import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Order } from '../activities/order.js';
import { isFinal } from '../schemas/order-status.js';
import { ORDER_STATUS_ATTRIBUTE } from '../schemas/services.js';

const statusKey = defineSearchAttributeKey(ORDER_STATUS_ATTRIBUTE, SearchAttributeType.KEYWORD);

/** Shows the status in Temporal's list of workflows: the first that the run knows of, and the final one. */
export function showOrderStatus(row: unknown): void {
  const { status } = row as Order;
  if (status === 'NOTHING') return;
  const shown = workflowInfo().typedSearchAttributes.get(statusKey);
  if (shown === status || (shown !== undefined && !isFinal(status))) return;
  upsertSearchAttributes([{ key: statusKey, value: status }]);
}
