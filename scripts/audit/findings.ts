import type { Client } from '@temporalio/client';
import type { ClientBase } from 'pg';
import { auditRules } from './rules.js';

/** Something that breaks a rule: mostly an order, by its id. */
export interface Finding {
  readonly broken: string;
  readonly subject: string;
  readonly detail: string | null;
}

/** What the database says. `grace` is in seconds; 0 where everything is at rest. */
export async function auditDatabase(
  db: Pick<ClientBase, 'query'>,
  grace: number,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { broken, sql } of auditRules) {
    const { rows } = await db.query<{ subject: string; detail?: string }>(sql, [grace]);
    findings.push(...rows.map(({ subject, detail = null }) => ({ broken, subject, detail })));
  }
  return findings;
}

/** What Temporal says beside the database: who runs though nothing is left to do, and who should run. */
export async function auditTemporal(
  client: Client,
  db: Pick<ClientBase, 'query'>,
  grace: number,
): Promise<readonly Finding[]> {
  const running = new Map<string, string[]>();
  for await (const { workflowId, startTime } of client.workflow.list({
    query: `ExecutionStatus = 'Running'`,
  })) {
    if (Date.now() - startTime.getTime() < grace * 1_000) continue;
    const [, service = workflowId, orderId = ''] = /^([a-z]+)-(.*)$/.exec(workflowId) ?? [];
    running.set(orderId, [...(running.get(orderId) ?? []), service]);
  }
  const { rows } = await db.query<{ order_id: string; is_final: boolean }>(
    `select order_id, status in ('COMPLETED', 'PAYMENT_FAILED', 'OUT_OF_STOCK') as is_final from orders.orders
     where updated_at < now() - make_interval(secs => $1::float8)`,
    [grace],
  );
  return rows.flatMap(({ order_id: subject, is_final }): Finding[] => {
    const services = running.get(subject) ?? [];
    if (is_final && services.length > 0)
      return [
        { broken: 'a final order has participants that still run', subject, detail: services.join(', ') },
      ];
    if (!is_final && !services.includes('order'))
      return [{ broken: 'nobody is working on an order that is not final', subject, detail: null }];
    return [];
  });
}
