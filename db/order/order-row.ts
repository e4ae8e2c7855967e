import type { EpochMillis, EventId } from '../../core/event.js';
import type { OrderAttentionCode, OrderStatus } from '../../schemas/order-status.js';
import type { Placement } from '../../schemas/placement.js';
import type { Reason } from '../../schemas/reasons.js';

/** What Order knows of an order. */
export type OrderRow = { readonly status: 'NOTHING' } | PlacedOrder;

export interface PlacedOrder {
  readonly status: OrderStatus;
  readonly placement: Placement;
  /** Why it was not completed; null for the other states. */
  readonly reason: Reason | null;
  readonly toldAt: EpochMillis | null;
  readonly refundedAt: EpochMillis | null;
  /** The OrderCreatedEvent, which began both waits. */
  readonly waitCauseId: EventId;
  readonly paymentDue: EpochMillis;
  readonly sagaDue: EpochMillis;
  /** Every state so far, oldest first; only ever longer. */
  readonly history: readonly [HistoryEntry, ...HistoryEntry[]];
  readonly attention: readonly Attention[];
}

/** When the wait that the order is in ends; null where it waits for nothing that ends by itself. */
export function dueAt(row: OrderRow): EpochMillis | null {
  switch (row.status) {
    case 'PENDING_PAYMENT':
      return row.paymentDue;
    case 'PAYMENT_COMPLETED':
      return row.sagaDue;
    case 'INVENTORY_RESERVED':
      return isOverdue(row) ? null : row.sagaDue;
    case 'NOTHING':
    case 'COMPLETED':
    case 'PAYMENT_FAILED':
    case 'OUT_OF_STOCK':
      return null;
  }
}

/** The saga deadline has passed and was put on record; nothing is left to wait for but the notification. */
export const isOverdue = ({ attention }: PlacedOrder): boolean =>
  attention.some(({ code }) => code === 'NOTIFICATION_OVERDUE');

export interface HistoryEntry {
  readonly status: OrderStatus;
  readonly at: EpochMillis;
  /** The event consumed; null for the placement and for timers. */
  readonly eventId: EventId | null;
}

export interface Attention {
  readonly code: OrderAttentionCode;
  readonly since: EpochMillis;
  readonly clearedAt: EpochMillis | null;
}
