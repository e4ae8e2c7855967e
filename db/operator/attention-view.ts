import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { AttentionCode } from '../../schemas/order-status.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';
import { IS_CLOSED } from './quarantine-view.js';
import { stuckWorkOf, type StuckWork } from './stuck-work.js';

/** One reason why an order needs a person; an order can have several. */
export interface AttentionView {
  readonly orderId: OrderId;
  readonly code: AttentionCode | 'SIGNAL_QUARANTINED';
  readonly since: EpochMillis;
  readonly ageSeconds: number;
  /** The quarantine entry that waits for a decision; 0 for other reasons. */
  readonly quarantineId: number;
  /** Whose work is stuck, and what was tried; empty for other reasons. */
  readonly stuck: readonly StuckWork[];
}

/** An entry's position in the list. */
export type AttentionPosition = Omit<AttentionView, 'ageSeconds' | 'stuck'>;

/**
 * At most `limit`, oldest first, and refused signals after what Order and the sweeps have found: anybody who can send
 * signals can make many. `after` is the last entry of the previous page.
 */
export async function listAttention(
  pool: Pool,
  { after, limit }: { readonly after?: AttentionPosition | undefined; readonly limit: number },
): Promise<readonly AttentionView[]> {
  const { rows } = await pool.query<AttentionView>(
    `select order_id as "orderId", code, since, quarantine_id as "quarantineId",
       greatest(0, floor(extract(epoch from now()) - since / 1000.0))::bigint as "ageSeconds",
       case code when 'STUCK' then (${stuckWorkOf('entry.order_id')}) else '[]' end as stuck
     from (${OPEN_ATTENTION}) entry
     where $1::bigint is null
       or (code = 'SIGNAL_QUARANTINED', since, order_id, code, quarantine_id)
         > ($3 = 'SIGNAL_QUARANTINED', $1, $2::uuid, $3, $4::bigint)
     order by code = 'SIGNAL_QUARANTINED', since, order_id, code, quarantine_id limit $5`,
    [after?.since, after?.orderId, after?.code, after?.quarantineId, limit],
  );
  return rows;
}

/** Every reason why an order needs a person now; `since` in ms. */
export const OPEN_ATTENTION = `
  select order_id, code, ${millis('since')} as since, 0::bigint as quarantine_id
  from orders.attention where cleared_at is null
  union all
  select order_id, 'SIGNAL_QUARANTINED', ${millis('first_seen_at')}, quarantine_id
  from journal.quarantine quarantined where not ${IS_CLOSED}
  union all
  select order_id, 'STUCK', ${millis('min(stuck_at)')}, 0
  from journal.unfinished where stuck_at is not null and rested_at is null group by order_id`;
