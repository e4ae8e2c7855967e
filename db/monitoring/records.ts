import { attentionCodes, isFinal, orderStatuses } from '../../schemas/order-status.js';
import { services } from '../../schemas/services.js';
import { OPEN_ATTENTION } from '../operator/attention-view.js';
import type { RecordPoint, StatePoint } from './point.js';

const drops = (why: 'REPEAT' | 'NO_EFFECT'): string => `
  select placed.created_at, service as label, seen as amount
  from journal.drops join orders.orders placed using (order_id) where why = '${why}'`;

/** What services refused to act on, counted by the order that it was about. */
export const records = {
  duplicatesDropped: {
    rows: drops('REPEAT'),
    labels: services,
    unit: 'events',
    stats: 'duplicatesDropped',
    metric: { name: 'order_saga_duplicates_dropped_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Events dropped because they had been applied before (R8), once for each time that one came again. A count that is told again after a crash does not add up.',
      ko: '이미 처리한 이벤트라서 버린 횟수(R8). 다시 올 때마다 한 번씩 센다. 장애 뒤에 같은 횟수를 다시 보고해도 늘지 않는다.',
    },
  },
  withoutEffect: {
    rows: drops('NO_EFFECT'),
    labels: services,
    unit: 'events',
    stats: 'withoutEffect',
    metric: { name: 'order_saga_events_without_effect_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Events that changed nothing, mostly since they came late: the empty cells of the decision tables.',
      ko: '아무것도 바꾸지 않은 이벤트의 수. 대개 늦게 온 것이며, 판단표의 빈칸에 해당한다.',
    },
  },
  quarantined: {
    rows: `
      select coalesce(placed.created_at, refused.first_seen_at) as created_at, service as label, 1 as amount
      from journal.quarantine refused left join orders.orders placed using (order_id)`,
    labels: services,
    unit: 'entries',
    stats: 'quarantined',
    metric: { name: 'order_saga_signals_quarantined_total', type: 'counter', label: 'service' },
    meaning: {
      en: 'Signals that were refused, as entries of the quarantine: the same one again in the same run is the same entry. Where nobody has placed the order, the time of the refusal stands for its creation.',
      ko: '거절하여 격리한 시그널의 수이며 격리 항목으로 센다. 같은 실행에 같은 시그널이 또 오면 같은 항목이다. 접수된 적 없는 주문이라면 거절한 때를 주문한 때로 본다.',
    },
  },
} as const satisfies Readonly<Record<string, RecordPoint>>;

const open = orderStatuses.filter((status) => !isFinal(status)).map((status) => `'${status}'`);

/** What somebody may have to act on, as it is now. */
export const states = {
  attention: {
    rows: `select count(distinct order_id) as amount from (${OPEN_ATTENTION}) entry`,
    unit: 'orders',
    stats: 'attention',
    metric: { name: 'order_saga_orders_needing_attention', type: 'gauge' },
    meaning: {
      en: 'Orders that need a person now: those on `GET /attention`, each once.',
      ko: '지금 사람이 봐야 하는 주문의 수. `GET /attention`에 있는 주문을 한 번씩 센다.',
    },
  },
  attentionByCode: {
    rows: `select code as label, count(*) as amount from (${OPEN_ATTENTION}) entry group by code`,
    labels: [...attentionCodes, 'SIGNAL_QUARANTINED'],
    unit: 'entries',
    stats: 'attentionByCode',
    metric: { name: 'order_saga_attention', type: 'gauge', label: 'code' },
    meaning: {
      en: 'Entries of `GET /attention` now, by why. What was cleared, or delivered after all, is not among them.',
      ko: '지금 `GET /attention`에 있는 항목의 이유별 수. 이미 풀렸거나 다시 전달한 것은 들지 않는다.',
    },
  },
  oldestOpenSeconds: {
    rows: `
      select case when min(created_at) > now() then 0 else floor(date_part('epoch', now() - min(created_at))) end as amount
      from orders.orders where status in (${open.join(', ')})`,
    unit: 's',
    stats: 'oldestOpenSeconds',
    metric: { name: 'order_saga_oldest_open_order_seconds', type: 'gauge' },
    meaning: {
      en: 'Age of the oldest order that is not in a final state now. Past the deadline of the saga it is one that waits for its notification, or the system is stuck.',
      ko: '지금 최종 상태가 아닌 주문 가운데 가장 오래된 것의 나이. 전체 시간 제한을 넘었다면 알림을 기다리는 주문이거나 시스템이 멈춘 것이다.',
    },
  },
} as const satisfies Readonly<Record<string, StatePoint>>;
