import type { RecordName, StateName } from '../../../db/monitoring/point-names.js';
import type { Point } from './point.js';

/** What services refused to act on. */
export const records = {
  duplicatesDropped: {
    unit: 'events',
    stats: 'duplicatesDropped',
    metric: { name: 'order_saga_duplicates_dropped_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Events dropped because they had already been applied (R8), once per repeated delivery. A count that is reported again after a crash is not added twice.',
      ko: '이미 처리한 이벤트라서 버린 횟수(R8). 다시 올 때마다 한 번씩 센다. 장애 뒤에 같은 횟수를 다시 보고해도 늘지 않는다.',
    },
  },
  withoutEffect: {
    unit: 'events',
    stats: 'withoutEffect',
    metric: { name: 'order_saga_events_without_effect_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Events that changed nothing, mostly because they came late: the empty cells of the decision tables.',
      ko: '아무것도 바꾸지 않은 이벤트의 수. 대개 늦게 온 것이며, 판단표의 빈칸에 해당한다.',
    },
  },
  quarantined: {
    unit: 'entries',
    stats: 'quarantined',
    metric: { name: 'order_saga_signals_quarantined_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Refused signals, as entries of the quarantine: the same signal again in the same run is the same entry. If the order was never placed, the time of the refusal stands in for its creation.',
      ko: '거절하여 격리한 시그널의 수이며 격리 항목으로 센다. 같은 실행에 같은 시그널이 또 오면 같은 항목이다. 접수된 적 없는 주문이라면 거절한 때를 주문한 때로 본다.',
    },
  },
} as const satisfies Readonly<Record<RecordName, Point>>;

/** The current state of what somebody may have to act on. */
export const states = {
  attention: {
    unit: 'orders',
    stats: 'attention',
    metric: { name: 'order_saga_orders_needing_attention', type: 'gauge' },
    meaning: {
      en: 'Orders that need a person now: those on `GET /attention`, each counted once.',
      ko: '지금 사람이 봐야 하는 주문의 수. `GET /attention`에 있는 주문을 한 번씩 센다.',
    },
  },
  attentionByCode: {
    unit: 'entries',
    stats: 'attentionByCode',
    metric: { name: 'order_saga_attention', type: 'gauge', label: 'code' },
    meaning: {
      en: 'The current entries of `GET /attention`, by reason. Cleared, redriven and dismissed ones are gone.',
      ko: '지금 `GET /attention`에 있는 항목의 이유별 수. 이미 풀렸거나 다시 전달한 것은 들지 않는다.',
    },
  },
  oldestOpenSeconds: {
    unit: 's',
    stats: 'oldestOpenSeconds',
    metric: { name: 'order_saga_oldest_open_order_seconds', type: 'gauge' },
    meaning: {
      en: 'Age of the oldest order that is not in a final state. Beyond the time limit of the saga, either it waits for its notification or the system is stuck.',
      ko: '지금 최종 상태가 아닌 주문 가운데 가장 오래된 것의 나이. 전체 시간 제한을 넘었다면 알림을 기다리는 주문이거나 시스템이 멈춘 것이다.',
    },
  },
} as const satisfies Readonly<Record<StateName, Point>>;
