import type { OrderStatus } from '../../schemas/order-status.js';
import type { IconName } from './icon-paths.js';

export type StatusTone = 'open' | 'done' | 'failed' | 'undone';

export const toneOfStatus: Readonly<Record<OrderStatus, StatusTone>> = {
  PENDING_PAYMENT: 'open',
  PAYMENT_COMPLETED: 'open',
  INVENTORY_RESERVED: 'open',
  COMPLETED: 'done',
  PAYMENT_FAILED: 'failed',
  OUT_OF_STOCK: 'undone',
};

export const iconOfTone: Readonly<Record<StatusTone, IconName>> = {
  open: 'wait',
  done: 'check',
  failed: 'cross',
  undone: 'undo',
};
