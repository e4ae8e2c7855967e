import type { EpochMillis } from '../../core/event.js';
import type { OrderId } from '../../schemas/ids.js';
import { millis } from '../epoch-millis.js';
import type { Pool } from '../../core/postgres/pool.js';

/** What an operator asked for, and the outcome. The database sets the time. */
export type OperatorAction = {
  /** Self-declared. */
  readonly operator: string;
  readonly orderId: OrderId;
  /** Why it was refused; empty otherwise. */
  readonly detail: string;
} & (
  | {
      readonly action: 'REDRIVE';
      readonly quarantineId: number;
      /** How often the signal had been refused when the operator asked. */
      readonly seen: number;
      readonly outcome: RedriveOutcome;
    }
  | {
      readonly action: 'DISMISSAL';
      readonly quarantineId: number;
      readonly seen: number;
      readonly outcome: 'DISMISSED' | 'NOT_WAITING';
    }
  | { readonly action: 'NOTIFICATION_RETRY'; readonly outcome: 'NOT_PARKED' | 'NO_ANSWER' }
);

export type RedriveOutcome = 'DELIVERED' | 'STILL_INVALID' | 'NOT_WAITING' | 'NOT_DELIVERED';

export async function recordOperatorAction(pool: Pool, action: OperatorAction): Promise<void> {
  const { operator, orderId, outcome, detail } = action;
  const [quarantineId, seen] = 'quarantineId' in action ? [action.quarantineId, action.seen] : [];
  await pool.query(
    `insert into journal.operator_actions (operator, action, order_id, quarantine_id, seen, outcome, detail)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [operator, action.action, orderId, quarantineId, seen, outcome, detail],
  );
}

/** An entry of the record. */
export interface OperatorActionView {
  readonly at: EpochMillis;
  readonly operator: string;
  readonly action: OperatorAction['action'];
  readonly orderId: OrderId;
  readonly quarantineId: number | null;
  /** ACCEPTED: a retry, as recorded by Notification. */
  readonly outcome: OperatorAction['outcome'] | 'ACCEPTED';
  readonly detail: string;
  /** Distinguishes actions of the same moment. */
  readonly key: string;
}

/** An entry's position in the list. */
export type ActionPosition = Pick<OperatorActionView, 'at' | 'key'>;

export interface ActionQuery {
  readonly orderId?: OrderId | undefined;
  readonly quarantineId?: number | undefined;
  readonly after?: ActionPosition | undefined;
  readonly limit: number;
}

/** Newest first, at most `limit`: the operators' own record, plus the retries that Notification recorded. */
export async function listOperatorActions(
  pool: Pool,
  { orderId, quarantineId, after, limit }: ActionQuery,
): Promise<readonly OperatorActionView[]> {
  const { rows } = await pool.query<OperatorActionView>(
    `select * from (
       select ${millis('at')} as at, operator, action, order_id as "orderId", quarantine_id as "quarantineId",
         outcome, detail, 'operator ' || action_id as key
       from journal.operator_actions
       union all
       select ${millis('at')}, operator, 'NOTIFICATION_RETRY', order_id, null, 'ACCEPTED', '', 'notification ' || action_id
       from notification.operator_actions
     ) entry
     where ($1::uuid is null or "orderId" = $1) and ($2::bigint is null or "quarantineId" = $2)
       and ($3::bigint is null or (at, key) < ($3, $4))
     order by at desc, key desc limit $5`,
    [orderId, quarantineId, after?.at, after?.key, limit],
  );
  return rows;
}
