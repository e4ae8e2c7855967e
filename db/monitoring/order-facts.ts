import type { EventType } from '../../schemas/catalogue.js';

/**
 * When things happened to an order, as SQL over the tables that `orderFacts` joins. All of it is business time, of
 * the workflows' clock. An event's `occurred_at` is the publisher's own, and the same however often the step ran or
 * the event came; the status history says when Order heard of it, which may be late, or one time for several
 * states (R10). Each moment is there once at most: the id of an event follows from order, type and cause.
 */
export const moments = {
  created_at: {
    sql: 'placed.created_at',
    meaning: { en: 'Order stored the order.', ko: '주문 서비스가 주문을 저장한 때.' },
  },
  paid_at: {
    sql: 'paid.occurred_at',
    meaning: {
      en: 'Payment took up the charge that succeeded: `occurredAt` of `PaymentCompletedEvent`.',
      ko: '결제가 성공한 출금에 들어간 때. `PaymentCompletedEvent`의 `occurredAt`.',
    },
  },
  reserved_at: {
    sql: 'reserved.occurred_at',
    meaning: {
      en: 'Inventory took up the reservation that succeeded: `occurredAt` of `InventoryReservedEvent`.',
      ko: '재고가 성공한 예약에 들어간 때. `InventoryReservedEvent`의 `occurredAt`.',
    },
  },
  told_at: {
    sql: 'told.occurred_at',
    meaning: {
      en: 'The mail server accepted the mail: `occurredAt` of the `OrderCompletedNotificationSentEvent` that the reservation caused. An uncertain one is caused by the refund, and is no such moment.',
      ko: '메일 서버가 메일을 받아들인 때. 예약이 원인인 `OrderCompletedNotificationSentEvent`의 `occurredAt`. 나갔는지 알 수 없는 알림은 환불이 원인이며 여기에 들지 않는다.',
    },
  },
  completed_at: {
    sql: 'completed.at',
    meaning: {
      en: 'Order took up the news, and the order became COMPLETED: from the status history.',
      ko: '주문이 그 소식을 받아 COMPLETED가 된 때. 상태 이력에서 읽는다.',
    },
  },
  cancelled_at: {
    sql: 'cancelled.occurred_at',
    meaning: {
      en: 'Order gave up waiting: `occurredAt` of `OrderCancelledEvent`.',
      ko: '주문이 기다리기를 그만둔 때. `OrderCancelledEvent`의 `occurredAt`.',
    },
  },
  refunded_at: {
    sql: 'refunded.occurred_at',
    meaning: {
      en: 'Payment took up the refund: `occurredAt` of `PaymentCancelledEvent`.',
      ko: '결제가 환불에 들어간 때. `PaymentCancelledEvent`의 `occurredAt`.',
    },
  },
  cancellation_refunded_at: {
    sql: 'case when refunded.causation_id = cancelled.event_id then refunded.occurred_at end',
    meaning: {
      en: 'The same, where it was the `OrderCancelledEvent` that caused the refund.',
      ko: '환불의 원인이 `OrderCancelledEvent`일 때의 `refunded_at`.',
    },
  },
  overdue_at: {
    sql: 'overdue.since',
    meaning: {
      en: 'The time of the saga was up while an order was paid and reserved, and nobody told: attention `NOTIFICATION_OVERDUE`, cleared or not.',
      ko: '결제와 예약은 끝났으나 알리지 못한 채 전체 시간이 다 된 때. 주의 표시 `NOTIFICATION_OVERDUE`이며 풀렸는지는 따지지 않는다.',
    },
  },
} as const;

export type Moment = keyof typeof moments;

const event = (name: string, type: EventType, more = '') =>
  `left join journal.events ${name} on ${name}.order_id = placed.order_id and ${name}.type = '${type}'${more}`;

/** One row for each order for which the condition on `placed` holds: its status, its reason and its moments. */
export const orderFacts = (where: string): string => `
  select placed.status, placed.reason,
    ${Object.entries(moments)
      .map(([name, { sql }]) => `${sql} as ${name}`)
      .join(',\n    ')}
  from orders.orders placed
    ${event('paid', 'PaymentCompletedEvent')}
    ${event('reserved', 'InventoryReservedEvent')}
    ${event('told', 'OrderCompletedNotificationSentEvent', ' and told.causation_id = reserved.event_id')}
    ${event('cancelled', 'OrderCancelledEvent')}
    ${event('refunded', 'PaymentCancelledEvent')}
    left join orders.status_history completed
      on completed.order_id = placed.order_id and completed.status = 'COMPLETED'
    left join orders.attention overdue
      on overdue.order_id = placed.order_id and overdue.code = 'NOTIFICATION_OVERDUE'
  where ${where}`;
