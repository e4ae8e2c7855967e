import { attentionCodes, isFinal, orderStatuses } from '../../schemas/order-status.js';
import { services } from '../../schemas/services.js';
import { OPEN_ATTENTION } from '../operator/attention-view.js';
import type { RecordQuery, StateQuery } from './queries.js';

/** What is forgotten is still counted, by the hour. */
const past = (what: string): string => `
  union all select hour, service, amount from retention.counts where what = '${what}'`;

const drops = (why: 'REPEAT' | 'NO_EFFECT'): string => `
  select placed.created_at, service as label, seen as amount
  from journal.drops join orders.orders placed using (order_id) where why = '${why}'${past(why)}`;

/** What services refused to act on, counted with the order concerned. */
export const records = {
  duplicatesDropped: { rows: drops('REPEAT'), labels: services },
  withoutEffect: { rows: drops('NO_EFFECT'), labels: services },
  quarantined: {
    rows: `
      select coalesce(placed.created_at, refused.first_seen_at) as created_at, service as label, 1 as amount
      from journal.quarantine refused left join orders.orders placed using (order_id)${past('QUARANTINED')}`,
    labels: services,
  },
} as const satisfies Readonly<Record<string, RecordQuery>>;

const open = orderStatuses.filter((status) => !isFinal(status)).map((status) => `'${status}'`);

/** The current state of what somebody may have to act on. */
export const states = {
  attention: { rows: `select count(distinct order_id) as amount from (${OPEN_ATTENTION}) entry` },
  attentionByCode: {
    rows: `select code as label, count(*) as amount from (${OPEN_ATTENTION}) entry group by code`,
    labels: [...attentionCodes, 'SIGNAL_QUARANTINED'],
  },
  oldestOpenSeconds: {
    rows: `
      select case when min(created_at) > now() then 0 else floor(date_part('epoch', now() - min(created_at))) end as amount
      from orders.orders where status in (${open.join(', ')})`,
  },
} as const satisfies Readonly<Record<string, StateQuery>>;
