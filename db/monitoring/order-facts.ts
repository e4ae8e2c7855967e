import type { EventType } from '../../schemas/catalogue.js';

/**
 * The moments of an order, as SQL over the tables that `orderFacts` joins. All are business times, by the workflows'
 * clock. An event's `occurred_at` is set by its publisher, and stays the same however often the step runs or the event
 * arrives. The status history says when Order processed it, which may be later, or at once for several states (R10).
 * Each moment occurs at most once: an event's id follows from order, type and cause. Once an order's events are
 * forgotten, `retention.moments` has them.
 */
export const moments = {
  created_at: 'placed.created_at',
  paid_at: 'coalesce(paid.occurred_at, past.paid_at)',
  reserved_at: 'coalesce(reserved.occurred_at, past.reserved_at)',
  told_at: 'coalesce(told.occurred_at, past.told_at)',
  completed_at: 'completed.at',
  cancelled_at: 'coalesce(cancelled.occurred_at, past.cancelled_at)',
  refunded_at: 'coalesce(refunded.occurred_at, past.refunded_at)',
  cancellation_refunded_at:
    'coalesce(case when refunded.causation_id = cancelled.event_id then refunded.occurred_at end, past.cancellation_refunded_at)',
  overdue_at: 'overdue.since',
} as const;

export type Moment = keyof typeof moments;

const event = (name: string, type: EventType, more = '') =>
  `left join journal.events ${name} on ${name}.order_id = placed.order_id and ${name}.type = '${type}'${more}`;

/** A row for each order that meets the condition on `placed`: its status, its reason and its moments. */
export const orderFacts = (where: string): string => `
  select placed.status, placed.reason,
    ${Object.entries(moments)
      .map(([name, sql]) => `${sql} as ${name}`)
      .join(',\n    ')}
  from orders.orders placed
    ${event('paid', 'PaymentCompletedEvent')}
    ${event('reserved', 'InventoryReservedEvent')}
    ${event('told', 'OrderCompletedNotificationSentEvent', ' and told.causation_id = reserved.event_id')}
    ${event('cancelled', 'OrderCancelledEvent')}
    ${event('refunded', 'PaymentCancelledEvent')}
    left join retention.moments past on past.order_id = placed.order_id
    left join orders.status_history completed
      on completed.order_id = placed.order_id and completed.status = 'COMPLETED'
    left join orders.attention overdue
      on overdue.order_id = placed.order_id and overdue.code = 'NOTIFICATION_OVERDUE'
  where ${where}`;
