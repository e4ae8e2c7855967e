import type { CountName, LabelledCountName, ShareName } from '../../../db/monitoring/point-names.js';
import type { Point } from './point.js';

/** Numbers of orders. */
export const counts = {
  created: {
    unit: 'orders',
    stats: 'orders.created',
    metric: { name: 'order_saga_orders_created_total', type: 'counter' },
    meaning: { en: 'Stored orders.', ko: '저장된 주문의 수.' },
  },
  final: {
    unit: 'orders',
    stats: 'orders.final',
    metric: { name: 'order_saga_orders_finished_total', type: 'counter' },
    meaning: {
      en: 'Orders in a final state: COMPLETED, PAYMENT_FAILED or OUT_OF_STOCK.',
      ko: '최종 상태(COMPLETED, PAYMENT_FAILED, OUT_OF_STOCK)에 이른 주문의 수.',
    },
  },
  paid: {
    unit: 'orders',
    stats: 'compensations.paid',
    metric: { name: 'order_saga_orders_paid_total', type: 'counter' },
    meaning: {
      en: 'Orders that were charged, whatever happened to them later.',
      ko: '출금된 주문의 수. 그 뒤에 어떻게 되었는지는 따지지 않는다.',
    },
  },
  compensations: {
    unit: 'orders',
    stats: 'compensations.count',
    metric: { name: 'order_saga_compensations_total', type: 'counter' },
    meaning: {
      en: 'Orders whose payment was refunded. A repeated or replayed refund is the same event, and counts once.',
      ko: '환불된 주문의 수. 환불을 반복하거나 재생해도 같은 이벤트이므로 한 번만 센다.',
    },
  },
  reversals: {
    unit: 'orders',
    stats: 'reversals',
    metric: { name: 'order_saga_reversals_total', type: 'counter' },
    meaning: {
      en: 'Orders that were refunded after the stock was reserved, or even after the customer was told (R4), in whatever sequence Order heard of it.',
      ko: '재고까지 예약했거나 고객에게 알리기까지 했는데 환불된 주문의 수(R4). 주문 서비스가 그 소식들을 어떤 순서로 들었는지는 따지지 않는다.',
    },
  },
} as const satisfies Readonly<Record<CountName, Point>>;

/** Numbers of orders by label. */
export const countsByLabel = {
  orders: {
    unit: 'orders',
    stats: 'orders',
    metric: { name: 'order_saga_orders', type: 'gauge', label: 'status' },
    meaning: { en: 'Orders by their current state.', ko: '지금 상태별 주문의 수.' },
  },
  failures: {
    unit: 'orders',
    stats: 'failures',
    metric: { name: 'order_saga_failures_total', type: 'counter', label: 'reason' },
    meaning: {
      en: 'Orders that ended as PAYMENT_FAILED or OUT_OF_STOCK, by reason. An order has at most one reason, so these add up to the failed orders.',
      ko: '이유별로 센, PAYMENT_FAILED나 OUT_OF_STOCK으로 끝난 주문의 수. 한 주문의 이유는 하나이므로 모두 더하면 실패한 주문의 수다.',
    },
  },
  timeouts: {
    unit: 'orders',
    stats: 'timeouts',
    metric: { name: 'order_saga_timeouts_total', type: 'counter', label: 'limit' },
    meaning: {
      en: 'Orders that ran into a time limit: by reason if they failed because of it, as NOTIFICATION_OVERDUE if they were paid and reserved, so that nothing was undone.',
      ko: '시간이 다 된 주문의 수. 그 때문에 실패한 주문은 이유별로 세고, 결제와 예약이 끝나 되돌리지 않은 주문은 NOTIFICATION_OVERDUE로 센다.',
    },
  },
} as const satisfies Readonly<Record<LabelledCountName, Point>>;

/** Shares of orders. */
export const shares = {
  compensationRate: {
    unit: 'share from 0 to 1',
    stats: 'compensations.rate',
    metric: { name: 'order_saga_compensation_ratio', type: 'gauge' },
    meaning: {
      en: 'The share of charged orders that were refunded. Orders that were never charged have nothing to compensate, and are left out.',
      ko: '출금된 주문 가운데 환불된 주문의 비율. 출금되지 않은 주문에는 되돌릴 것이 없으므로 넣지 않는다.',
    },
  },
  completionRate: {
    unit: 'share from 0 to 1',
    stats: 'completionRate',
    metric: { name: 'order_saga_completion_ratio', type: 'gauge' },
    meaning: {
      en: 'The share of orders in a final state that are COMPLETED.',
      ko: '최종 상태에 이른 주문 가운데 COMPLETED인 주문의 비율.',
    },
  },
} as const satisfies Readonly<Record<ShareName, Point>>;
