import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import type { QuarantineReason } from '../../core/activity/inspection.js';
import type { Service } from '../../schemas/services.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';

/** REDRIVEN and DISMISSED hold until the signal is refused again. */
export const quarantineStates = ['WAITING', 'REDRIVEN', 'DISMISSED'] as const;
export type QuarantineState = (typeof quarantineStates)[number];

/** A refused signal in the quarantine, our dead-letter store, as an operator sees it. */
export interface QuarantineView {
  readonly id: number;
  readonly state: QuarantineState;
  /** The participant that refused it. */
  readonly service: Service;
  readonly orderId: OrderId;
  readonly workflowId: string;
  readonly runId: string;
  readonly signalName: string;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly seen: number;
  readonly firstSeenAt: EpochMillis;
  readonly lastSeenAt: EpochMillis;
}

export interface QuarantinedBody {
  /** As received, or the part of it that is stored. */
  readonly body: string;
}

/** Which entries to list; `after` is the last id of the previous page. */
export interface QuarantineQuery {
  readonly service?: Service | undefined;
  readonly reason?: QuarantineReason | undefined;
  readonly orderId?: OrderId | undefined;
  readonly state?: QuarantineState | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Newest first, at most `limit`. */
export async function listQuarantine(pool: Pool, query: QuarantineQuery): Promise<readonly QuarantineView[]> {
  const { rows } = await pool.query<QuarantineView>(
    `select * from (${selectEntries('')}) entry
     where ($1::text is null or service = $1) and ($2::text is null or reason = $2)
       and ($3::uuid is null or "orderId" = $3) and ($4::text is null or state = $4)
       and ($5::bigint is null or id < $5)
     order by id desc limit $6`,
    [query.service, query.reason, query.orderId, query.state, query.after, query.limit],
  );
  return rows;
}

export async function findQuarantined(
  pool: Pool,
  id: number,
): Promise<(QuarantineView & QuarantinedBody) | undefined> {
  const { rows } = await pool.query<QuarantineView & QuarantinedBody>(
    `${selectEntries(', body')} where quarantine_id = $1`,
    [id],
  );
  return rows[0];
}

/** The actions that closed a row of `journal.quarantine quarantined`, for every time it has been seen. */
const closed = `from journal.operator_actions closed
  where closed.quarantine_id = quarantined.quarantine_id and closed.outcome in ('DELIVERED', 'DISMISSED')
    and closed.seen >= quarantined.seen`;

/** Whether a row of `journal.quarantine quarantined` was delivered or dismissed, and not refused since. */
export const IS_CLOSED = `exists (select ${closed})`;

/** The latest action decides, since a dismissed signal can still be redriven. */
const state = `coalesce((select case outcome when 'DELIVERED' then 'REDRIVEN' else 'DISMISSED' end ${closed}
  order by action_id desc limit 1), 'WAITING')`;

const selectEntries = (more: string) => `
  select quarantine_id as id, ${state} as state,
    service, order_id as "orderId", workflow_id as "workflowId", run_id as "runId", signal_name as "signalName",
    reason, detail, seen, ${millis('first_seen_at')} as "firstSeenAt", ${millis('last_seen_at')} as "lastSeenAt"${more}
  from journal.quarantine quarantined`;
