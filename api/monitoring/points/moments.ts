import type { Moment } from '../../../db/monitoring/order-facts.js';
import type { Meaning } from './point.js';

/** The moments of an order, between which the steps are measured. */
export const moments: Readonly<Record<Moment, Meaning>> = {
  created_at: { en: 'Order stored the order.', ko: '주문 서비스가 주문을 저장한 때.' },
  paid_at: {
    en: 'Payment began the charge that succeeded: `occurredAt` of `PaymentCompletedEvent`.',
    ko: '결제가 성공한 출금에 들어간 때. `PaymentCompletedEvent`의 `occurredAt`.',
  },
  reserved_at: {
    en: 'Inventory began the reservation that succeeded: `occurredAt` of `InventoryReservedEvent`.',
    ko: '재고가 성공한 예약에 들어간 때. `InventoryReservedEvent`의 `occurredAt`.',
  },
  told_at: {
    en: 'The mail server accepted the mail: `occurredAt` of the `OrderCompletedNotificationSentEvent` caused by the reservation. An uncertain notification is caused by the refund, and does not count here.',
    ko: '메일 서버가 메일을 받아들인 때. 예약이 원인인 `OrderCompletedNotificationSentEvent`의 `occurredAt`. 나갔는지 알 수 없는 알림은 환불이 원인이며 여기에 들지 않는다.',
  },
  completed_at: {
    en: 'Order processed that event, and the order became COMPLETED: from the status history.',
    ko: '주문이 그 소식을 받아 COMPLETED가 된 때. 상태 이력에서 읽는다.',
  },
  cancelled_at: {
    en: 'Order gave up waiting: `occurredAt` of `OrderCancelledEvent`.',
    ko: '주문이 기다리기를 그만둔 때. `OrderCancelledEvent`의 `occurredAt`.',
  },
  refunded_at: {
    en: 'Payment began the refund: `occurredAt` of `PaymentCancelledEvent`.',
    ko: '결제가 환불에 들어간 때. `PaymentCancelledEvent`의 `occurredAt`.',
  },
  cancellation_refunded_at: {
    en: '`refunded_at`, if the `OrderCancelledEvent` caused the refund.',
    ko: '환불의 원인이 `OrderCancelledEvent`일 때의 `refunded_at`.',
  },
  overdue_at: {
    en: 'The time limit of the saga passed while the order was paid and reserved but the customer not told: attention `NOTIFICATION_OVERDUE`, cleared or not.',
    ko: '결제와 예약은 끝났으나 알리지 못한 채 전체 시간이 다 된 때. 주의 표시 `NOTIFICATION_OVERDUE`이며 풀렸는지는 따지지 않는다.',
  },
};
