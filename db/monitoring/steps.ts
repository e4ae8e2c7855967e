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
      en: 'How long an order waits until Payment takes up its charge, by the time of the event: when Order hears of it makes no difference. An order that is never charged is not counted; one that is cancelled and charged all the same is.',
      ko: '주문이 저장되고 나서 결제가 출금에 들어가기까지 걸린 시간. 이벤트가 일어난 시각으로 재므로 주문이 그 소식을 언제 들었는지는 상관없다. 출금되지 않은 주문은 세지 않고, 취소되었지만 그래도 출금된 주문은 센다.',
    },
    ...shown,
  },
  paidToReserved: {
    from: 'paid_at',
    to: 'reserved_at',
    stats: 'steps.paidToReserved',
    meaning: {
      en: 'From Payment taking up the charge to Inventory taking up the reservation, so that the work of charging is in it. By the times of the events, also where Order writes both states in one go (R10).',
      ko: '결제가 출금에 들어간 때부터 재고가 예약에 들어간 때까지 걸린 시간이며 출금하는 일 자체가 들어 있다. 이벤트가 일어난 시각으로 재며, 주문이 두 상태를 한꺼번에 적었더라도(R10) 같다.',
    },
    ...shown,
  },
  reservedToTold: {
    from: 'reserved_at',
    to: 'told_at',
    stats: 'steps.reservedToTold',
    meaning: {
      en: 'From Inventory taking up the reservation to the mail server accepting the mail, so that failed attempts, the pauses between them and the wait for an operator are in it. A mail of which nobody knows whether it went out is not counted.',
      ko: '재고가 예약에 들어간 때부터 메일 서버가 알림 메일을 받아들이기까지 걸린 시간. 실패한 시도, 그 사이의 간격, 운영자를 기다린 시간이 들어 있다. 나갔는지 알 수 없는 메일은 세지 않는다.',
    },
    ...shown,
  },
  toldToCompleted: {
    from: 'told_at',
    to: 'completed_at',
    stats: 'steps.toldToCompleted',
    meaning: {
      en: 'From the accepted mail to COMPLETED in the status history, when Order took up the news. An order that is refunded before that is not counted; one that is refunded after it (R4) is.',
      ko: '메일이 받아들여진 때부터 주문이 그 소식을 받아 상태 이력에 COMPLETED를 적기까지 걸린 시간. 그 전에 환불된 주문은 세지 않고, 그 뒤에 환불된 주문(R4)은 센다.',
    },
    ...shown,
  },
  paidToRefunded: {
    from: 'paid_at',
    to: 'refunded_at',
    stats: 'steps.paidToRefunded',
    meaning: {
      en: 'Compensation: from taking up the charge to taking up the refund, whatever caused it. For so long the money of an order that came to nothing was held.',
      ko: '보상. 결제가 출금에 들어간 때부터 환불에 들어간 때까지 걸린 시간이며 환불의 원인은 가리지 않는다. 이루어지지 않은 주문의 돈을 쥐고 있던 시간이다.',
    },
    ...shown,
  },
  cancelledToRefunded: {
    from: 'cancelled_at',
    to: 'cancellation_refunded_at',
    stats: 'steps.cancelledToRefunded',
    meaning: {
      en: 'Compensation: from the moment at which Order gave up to Payment taking up the refund that this caused. A refund of another cause is not counted here.',
      ko: '보상. 주문이 포기한 때부터 그 때문에 결제가 환불에 들어간 때까지 걸린 시간. 다른 원인으로 일어난 환불은 여기에 세지 않는다.',
    },
    ...shown,
  },
} as const satisfies Readonly<Record<string, StepPoint>>;
