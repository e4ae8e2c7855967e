import { isFinal, orderStatuses, type OrderStatus } from '../../schemas/order-status.js';
import { reasons, type Reason } from '../../schemas/reasons.js';
import type { CountPoint, CountsPoint, SharePoint } from './point.js';

const statusIn = (statuses: readonly OrderStatus[]): string =>
  `status in (${statuses.map((status) => `'${status}'`).join(', ')})`;

const each = <Value extends string>(
  column: 'status' | 'reason',
  values: readonly Value[],
): Readonly<Record<Value, string>> =>
  Object.fromEntries(values.map((value) => [value, `${column} = '${value}'`])) as Record<Value, string>;

const timeoutReasons = ['PAYMENT_TIMEOUT', 'INVENTORY_TIMEOUT', 'SAGA_TIMEOUT'] as const satisfies Reason[];

const EVERY_ORDER = 'true';
const FINAL = statusIn(orderStatuses.filter(isFinal));
const COMPLETED = `status = 'COMPLETED'`;
const FAILED = statusIn(['PAYMENT_FAILED', 'OUT_OF_STOCK']);
const PAID = 'paid_at is not null';
const REFUNDED = 'refunded_at is not null';

/** Numbers of orders. */
export const counts = {
  created: {
    where: EVERY_ORDER,
    unit: 'orders',
    stats: 'orders.created',
    metric: { name: 'order_saga_orders_created_total', type: 'counter' },
    meaning: { en: 'Orders that were stored.', ko: '저장된 주문의 수.' },
  },
  final: {
    where: FINAL,
    unit: 'orders',
    stats: 'orders.final',
    metric: { name: 'order_saga_orders_finished_total', type: 'counter' },
    meaning: {
      en: 'Orders in a final state: COMPLETED, PAYMENT_FAILED or OUT_OF_STOCK.',
      ko: '최종 상태(COMPLETED, PAYMENT_FAILED, OUT_OF_STOCK)에 이른 주문의 수.',
    },
  },
  paid: {
    where: PAID,
    unit: 'orders',
    stats: 'compensations.paid',
    metric: { name: 'order_saga_orders_paid_total', type: 'counter' },
    meaning: {
      en: 'Orders that were charged, whatever became of them.',
      ko: '출금된 주문의 수. 그 뒤에 어떻게 되었는지는 따지지 않는다.',
    },
  },
  compensations: {
    where: REFUNDED,
    unit: 'orders',
    stats: 'compensations.count',
    metric: { name: 'order_saga_compensations_total', type: 'counter' },
    meaning: {
      en: 'Orders whose payment was refunded. A refund that is repeated or replayed is the same event, and counts once.',
      ko: '환불된 주문의 수. 환불을 반복하거나 재생해도 같은 이벤트이므로 한 번만 센다.',
    },
  },
  reversals: {
    where: `reserved_at is not null and ${REFUNDED}`,
    unit: 'orders',
    stats: 'reversals',
    metric: { name: 'order_saga_reversals_total', type: 'counter' },
    meaning: {
      en: 'Orders that were reserved, or of which the customer was even told, and whose payment was refunded all the same (R4), in whatever order the news reached Order.',
      ko: '재고까지 예약했거나 고객에게 알리기까지 했는데 환불된 주문의 수(R4). 주문 서비스가 그 소식들을 어떤 순서로 들었는지는 따지지 않는다.',
    },
  },
} as const satisfies Readonly<Record<string, CountPoint>>;

/** Numbers of orders, told apart. */
export const countsByLabel = {
  orders: {
    where: each('status', orderStatuses),
    unit: 'orders',
    stats: 'orders',
    metric: { name: 'order_saga_orders', type: 'gauge', label: 'status' },
    meaning: { en: 'Orders by the state in which they are now.', ko: '지금 상태별 주문의 수.' },
  },
  failures: {
    where: each('reason', reasons),
    unit: 'orders',
    stats: 'failures',
    metric: { name: 'order_saga_failures_total', type: 'counter', label: 'reason' },
    meaning: {
      en: 'Orders that ended as PAYMENT_FAILED or OUT_OF_STOCK, by their reason. An order has one reason at most, so these add up to the failed orders.',
      ko: '이유별로 센, PAYMENT_FAILED나 OUT_OF_STOCK으로 끝난 주문의 수. 한 주문의 이유는 하나이므로 모두 더하면 실패한 주문의 수다.',
    },
  },
  timeouts: {
    where: {
      ...each('reason', timeoutReasons),
      NOTIFICATION_OVERDUE: 'overdue_at is not null',
    },
    unit: 'orders',
    stats: 'timeouts',
    metric: { name: 'order_saga_timeouts_total', type: 'counter', label: 'limit' },
    meaning: {
      en: 'Orders whose time was up: those that failed for it, by reason, and as NOTIFICATION_OVERDUE those that were paid and reserved, so that nothing was undone.',
      ko: '시간이 다 된 주문의 수. 그 때문에 실패한 주문은 이유별로 세고, 결제와 예약이 끝나 되돌리지 않은 주문은 NOTIFICATION_OVERDUE로 센다.',
    },
  },
} as const satisfies Readonly<Record<string, CountsPoint>>;

/** Shares of orders. */
export const shares = {
  compensationRate: {
    part: REFUNDED,
    of: PAID,
    unit: 'share from 0 to 1',
    stats: 'compensations.rate',
    metric: { name: 'order_saga_compensation_ratio', type: 'gauge' },
    meaning: {
      en: 'How many of the orders that were charged were refunded. Orders that were never charged have nothing to compensate.',
      ko: '출금된 주문 가운데 환불된 주문의 비율. 출금되지 않은 주문에는 되돌릴 것이 없으므로 넣지 않는다.',
    },
  },
  completionRate: {
    part: COMPLETED,
    of: FINAL,
    unit: 'share from 0 to 1',
    stats: 'completionRate',
    metric: { name: 'order_saga_completion_ratio', type: 'gauge' },
    meaning: {
      en: 'How many of the orders in a final state are COMPLETED.',
      ko: '최종 상태에 이른 주문 가운데 COMPLETED인 주문의 비율.',
    },
  },
} as const satisfies Readonly<Record<string, SharePoint>>;

/** What the buckets of the time series count: orders created in each, by what has become of them. */
export const seriesCounts = {
  created: EVERY_ORDER,
  completed: COMPLETED,
  failed: FAILED,
  refunded: REFUNDED,
} as const;
