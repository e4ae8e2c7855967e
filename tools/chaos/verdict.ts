import pg from 'pg';
import { lineOf } from '../audit/findings.js';
import { auditUntilClean } from '../audit/system.js';
import { auditHoldings, type AuditedOrder } from '../demo/audit.js';
import type { Campaign } from './campaign.js';
import { auditMailLog } from './mails.js';
import type { ChaosSystem } from './system.js';

/** Everything that is wrong once all orders are at rest: by the auditor, by the shop's sums, and by the mail catcher. */
export async function verdictOn(system: ChaosSystem, campaign: Campaign): Promise<readonly string[]> {
  const { audited, mailFile } = system;
  const { findings } = await auditUntilClean(audited, { grace: 0, wait: 120 });
  const [before, after] = await campaign.holdings();
  const excepted = new Set([...campaign.setBack, ...campaign.placedAgain]);
  return [
    ...campaign.findings,
    ...findings.map(lineOf),
    ...auditHoldings(before, after, await ordersIn(audited.databaseUrl)),
    ...(await auditMailLog(audited.databaseUrl, mailFile, excepted)),
  ];
}

async function ordersIn(databaseUrl: string): Promise<readonly AuditedOrder[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const { rows } = await db.query<AuditedOrder>(
      `select order_id as "orderId", status, items,
         json_build_object('amount', total, 'currency', currency) as total
       from orders.orders`,
    );
    return rows;
  } finally {
    await db.end();
  }
}
