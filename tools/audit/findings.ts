import type { Client } from '@temporalio/client';
import type { ClientBase } from 'pg';
import { auditRules } from './rules.js';

/** Something that breaks a rule: usually an order, by its id. */
export interface Finding {
  readonly broken: string;
  readonly subject: string;
  readonly detail: string | null;
}

/** A finding as people read it. */
export const lineOf = ({ subject, broken, detail }: Finding): string =>
  detail === null ? `${subject}: ${broken}` : `${subject}: ${broken} (${detail})`;

/** Checks the database; services must have caught up with everything that happened before `due`. */
export async function auditDatabase(db: Pick<ClientBase, 'query'>, due: Date): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { broken, sql } of auditRules) {
    const { rows } = await db.query<{ subject: string; detail?: string }>(sql, [due]);
    findings.push(...rows.map(({ subject, detail = null }) => ({ broken, subject, detail })));
  }
  return findings;
}

/** When the system last wrote anything; undefined if it never did. */
export async function lastSignOfLife(db: Pick<ClientBase, 'query'>): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select greatest((select max(greatest(recorded_at, delivered_at)) from journal.events),
       (select max(updated_at) from orders.orders), (select max(updated_at) from payment.payments),
       (select max(updated_at) from inventory.reservations), (select max(updated_at) from notification.notifications),
       (select max(greatest(begun_at, ended_at)) from notification.attempts)) as at`,
  );
  return rows[0]?.at ?? undefined;
}

/** Orders are dated by the database's clock, and so their age is counted by it. */
export async function databaseTime(db: Pick<ClientBase, 'query'>): Promise<Date> {
  const { rows } = await db.query<{ at: Date }>('select clock_timestamp() as at');
  return rows[0]?.at ?? new Date();
}

/** Compares Temporal with the database: which participants run without work, and which are missing. */
export async function auditTemporal(
  client: Client,
  db: Pick<ClientBase, 'query'>,
  due: Date,
): Promise<readonly Finding[]> {
  const running = await findRunning(client);
  const { rows } = await db.query<{ order_id: string; is_final: boolean; is_overdue: boolean }>(
    `select order_id, status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') as is_final,
       exists (select from orders.attention a where a.order_id = o.order_id and code = 'NOTIFICATION_OVERDUE') as is_overdue
     from orders.orders o where updated_at < $1`,
    [due],
  );
  return rows.flatMap(({ order_id: subject, is_final, is_overdue }): Finding[] => {
    const participants = running.get(subject) ?? [];
    const late = participants.filter(({ since }) => since <= due).map(({ service }) => service);
    if (is_final && late.length > 0)
      return [
        { broken: 'a final order has participants that still run', subject, detail: late.sort().join(', ') },
      ];
    // Once it is overdue, it waits for the notification alone, which starts its participant where there is none.
    const awaited = is_overdue ? ['order', 'notification'] : ['order'];
    if (!is_final && !participants.some(({ service }) => awaited.includes(service)))
      return [{ broken: 'nobody is working on an order that is not final', subject, detail: null }];
    return [];
  });
}

interface Participant {
  readonly service: string;
  /** When this run began; after a continue-as-new the run is younger than its order. */
  readonly since: Date;
}

/** The participants that run, by order. */
async function findRunning(client: Client): Promise<ReadonlyMap<string, readonly Participant[]>> {
  const running = new Map<string, Participant[]>();
  const query = `ExecutionStatus = 'Running'`;
  for await (const { workflowId, startTime: since } of client.workflow.list({ query })) {
    const [, service = workflowId, orderId = ''] = /^([a-z]+)-(.*)$/.exec(workflowId) ?? [];
    running.set(orderId, [...(running.get(orderId) ?? []), { service, since }]);
  }
  return running;
}
