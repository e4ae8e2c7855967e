import type { StepName } from '../../../db/monitoring/point-names.js';
import type { Metric, Point } from './point.js';

const metric: Metric = {
  name: 'order_saga_step_duration_seconds',
  type: 'histogram',
  label: 'step',
  help: 'Time per step of the saga. An order counts once in each step it went through.',
};

const shown = { unit: 'ms', metric } as const;

/** Time per step, forward and back. */
export const steps = {
  createdToPaid: {
    stats: 'steps.createdToPaid',
    meaning: {
      en: 'How long an order waits until Payment begins its charge. Measured by the time of the event, so it does not matter when Order hears of it. Orders that are never charged do not count; an order that is charged in spite of its cancellation does.',
      ko: '주문이 저장되고 나서 결제가 출금에 들어가기까지 걸린 시간. 이벤트가 일어난 시각으로 재므로 주문이 그 소식을 언제 들었는지는 상관없다. 출금되지 않은 주문은 세지 않고, 취소되었지만 그래도 출금된 주문은 센다.',
    },
    ...shown,
  },
  paidToReserved: {
    stats: 'steps.paidToReserved',
    meaning: {
      en: 'From the beginning of the charge to the beginning of the reservation, so it includes the work of charging. Measured by the times of the events, even if Order writes both states at once (R10).',
      ko: '결제가 출금에 들어간 때부터 재고가 예약에 들어간 때까지 걸린 시간이며 출금하는 일 자체가 들어 있다. 이벤트가 일어난 시각으로 재며, 주문이 두 상태를 한꺼번에 적었더라도(R10) 같다.',
    },
    ...shown,
  },
  reservedToTold: {
    stats: 'steps.reservedToTold',
    meaning: {
      en: 'From the beginning of the reservation until the mail server accepts the mail, including failed attempts, the pauses between them and the wait for an operator. A mail that may or may not have gone out does not count.',
      ko: '재고가 예약에 들어간 때부터 메일 서버가 알림 메일을 받아들이기까지 걸린 시간. 실패한 시도, 그 사이의 간격, 운영자를 기다린 시간이 들어 있다. 나갔는지 알 수 없는 메일은 세지 않는다.',
    },
    ...shown,
  },
  toldToCompleted: {
    stats: 'steps.toldToCompleted',
    meaning: {
      en: 'From the accepted mail until Order processes the event, as recorded by COMPLETED in the status history. An order refunded before that does not count; one refunded after it (R4) does.',
      ko: '메일이 받아들여진 때부터 주문이 그 소식을 받아 상태 이력에 COMPLETED를 적기까지 걸린 시간. 그 전에 환불된 주문은 세지 않고, 그 뒤에 환불된 주문(R4)은 센다.',
    },
    ...shown,
  },
  paidToRefunded: {
    stats: 'steps.paidToRefunded',
    meaning: {
      en: 'Compensation: from the beginning of the charge to the beginning of the refund, whatever its cause. This is how long we held the money of an order that failed.',
      ko: '보상. 결제가 출금에 들어간 때부터 환불에 들어간 때까지 걸린 시간이며 환불의 원인은 가리지 않는다. 이루어지지 않은 주문의 돈을 쥐고 있던 시간이다.',
    },
    ...shown,
  },
  cancelledToRefunded: {
    stats: 'steps.cancelledToRefunded',
    meaning: {
      en: 'Compensation: from the moment Order gives up until Payment begins the refund caused by that. Refunds with another cause do not count here.',
      ko: '보상. 주문이 포기한 때부터 그 때문에 결제가 환불에 들어간 때까지 걸린 시간. 다른 원인으로 일어난 환불은 여기에 세지 않는다.',
    },
    ...shown,
  },
} as const satisfies Readonly<Record<StepName, Point>>;
