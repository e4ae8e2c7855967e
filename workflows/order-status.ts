import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Order } from '../activities/order.js';
import { ORDER_STATUS_ATTRIBUTE } from '../schemas/services.js';

const statusKey = defineSearchAttributeKey(ORDER_STATUS_ATTRIBUTE, SearchAttributeType.KEYWORD);

/** Shows where the order stands in Temporal's list of workflows; a status that is shown already costs nothing. */
export function showOrderStatus(row: unknown): void {
  const { status } = row as Order;
  if (workflowInfo().typedSearchAttributes.get(statusKey) === status || status === 'NOTHING') return;
  upsertSearchAttributes([{ key: statusKey, value: status }]);
}
