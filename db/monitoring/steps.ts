import type { Metric, StepPoint } from './point.js';

const metric: Metric = {
  name: 'order_saga_step_duration_seconds',
  type: 'histogram',
  label: 'step',
  help: 'Time per step of the saga. An order counts once in each step that it went through.',
};

/** From a quick database to an operator's hour; the waits of one, three, five and ten minutes are bounds. */
const buckets: StepPoint['buckets'] = [
  25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 180_000, 300_000, 600_000,
  1_800_000, 3_600_000,
];

const shown = { unit: 'ms', metric, buckets } as const;

/** Time per step, forward and back. */
export const steps = {
  createdToPaid: {
    from: 'created_at',
    to: 'paid_at',
    stats: 'steps.createdToPaid',
    meaning: {
      en: 'How long an order waits until it is charged. One that is never charged has no such time; one that is cancelled and charged all the same has it.',
      ko: '주문이 출금되기까지 걸린 시간. 출금되지 않은 주문은 세지 않고, 취소되었지만 그래도 출금된 주문은 센다.',
    },
    ...shown,
  },
  paidToReserved: {
    from: 'paid_at',
    to: 'reserved_at',
    stats: 'steps.paidToReserved',
    meaning: {
      en: 'From the charge to the reservation, the work of charging included.',
      ko: '출금부터 재고 예약까지 걸린 시간. 출금하는 일 자체도 포함한다.',
    },
    ...shown,
  },
  reservedToTold: {
    from: 'reserved_at',
    to: 'told_at',
    stats: 'steps.reservedToTold',
    meaning: {
      en: 'From the reservation to the mail that got through: failed attempts, the pauses between them and the wait for an operator are part of it.',
      ko: '재고 예약부터 알림 메일이 받아들여지기까지 걸린 시간. 실패한 시도, 그 사이의 간격, 운영자를 기다린 시간을 포함한다.',
    },
    ...shown,
  },
  toldToCompleted: {
    from: 'told_at',
    to: 'completed_at',
    stats: 'steps.toldToCompleted',
    meaning: {
      en: 'From the mail to COMPLETED. An order that is refunded before never gets there; one that is refunded after it (R4) keeps its time.',
      ko: '알림 메일부터 COMPLETED까지 걸린 시간. 그 전에 환불된 주문은 세지 않고, 그 뒤에 환불된 주문(R4)은 그대로 센다.',
    },
    ...shown,
  },
  paidToRefunded: {
    from: 'paid_at',
    to: 'refunded_at',
    stats: 'steps.paidToRefunded',
    meaning: {
      en: 'Compensation: from the charge to the refund, whatever caused it. For so long the money of an order that came to nothing was held.',
      ko: '보상. 출금부터 환불까지 걸린 시간이며 환불의 원인은 가리지 않는다. 이루어지지 않은 주문의 돈을 쥐고 있던 시간이다.',
    },
    ...shown,
  },
  cancelledToRefunded: {
    from: 'cancelled_at',
    to: 'cancellation_refunded_at',
    stats: 'steps.cancelledToRefunded',
    meaning: {
      en: 'Compensation: from the moment at which Order gave up to the refund that this caused. A refund of another cause is not counted here.',
      ko: '보상. 주문이 포기한 때부터 그 때문에 일어난 환불까지 걸린 시간. 다른 원인으로 일어난 환불은 여기에 세지 않는다.',
    },
    ...shown,
  },
} as const satisfies Readonly<Record<string, StepPoint>>;
