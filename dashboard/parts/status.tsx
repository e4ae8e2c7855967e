import type { OrderStatus } from '../../schemas/order-status.js';
import { useTexts } from '../texts/language.js';
import { Icon, type IconName } from './icon.js';

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

/** Where an order stands: colour, sign and word say the same. */
export function StatusPill({ status }: { readonly status: OrderStatus }) {
  const tone = toneOfStatus[status];
  return (
    <span class={`pill pill-${tone}`}>
      <Icon name={iconOfTone[tone]} />
      {useTexts().statuses[status]}
    </span>
  );
}
