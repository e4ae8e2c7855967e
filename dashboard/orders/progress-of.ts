import type { OrderRow } from './order-list.js';

export type Step = 'idle' | 'current' | 'done' | 'failed' | 'undone';

/** How far Order, Payment, Inventory and Notification have come with an order, by its status. */
export function progressOf({ status, attention }: Pick<OrderRow, 'status' | 'attention'>): readonly Step[] {
  switch (status) {
    case 'PENDING_PAYMENT':
      return ['done', 'current', 'idle', 'idle'];
    case 'PAYMENT_FAILED':
      return ['done', 'failed', 'idle', 'idle'];
    case 'PAYMENT_COMPLETED':
      return ['done', 'done', 'current', 'idle'];
    case 'OUT_OF_STOCK':
      return ['done', 'undone', 'failed', 'idle'];
    case 'INVENTORY_RESERVED':
      return ['done', 'done', 'done', attention.some(isParked) ? 'failed' : 'current'];
    case 'COMPLETED':
      return ['done', 'done', 'done', 'done'];
  }
}

const isParked = ({ code, clearedAt }: OrderRow['attention'][number]): boolean =>
  code === 'NOTIFICATION_FAILED' && clearedAt === null;
