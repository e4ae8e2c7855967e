import type { EpochMillis } from '../../core/event.js';
import { millis } from '../epoch-millis.js';

/** What a service has left unfinished for an order (R11), and what was tried. */
export interface StuckWork {
  readonly service: string;
  /** UNDELIVERED: an event of its own. DUE: a wait is over. UNHANDLED: a delivered event has left no trace. */
  readonly why: 'UNDELIVERED' | 'DUE' | 'UNHANDLED';
  /** How often Temporal has confirmed a signal. */
  readonly woken: number;
  readonly foundAt: EpochMillis;
}

/** Attention STUCK of the order that `orderId` names, as at most one row: `since`, and `cleared_at` once all is at rest. */
export const stuckOf = (orderId: string): string => `
  select min(stuck_at) as since, case when bool_and(rested_at is not null) then max(rested_at) end as cleared_at
  from journal.unfinished where order_id = ${orderId} and stuck_at is not null having count(*) > 0`;

/** The order's `StuckWork` as a JSON array, service by service; operators only may read all of it. */
export const stuckWorkOf = (orderId: string): string => `
  select coalesce(json_agg(json_build_object(
    'service', service, 'why', why, 'woken', woken, 'foundAt', ${millis('found_at')}) order by service), '[]')
  from journal.unfinished where order_id = ${orderId} and stuck_at is not null and rested_at is null`;
