import { readFile } from 'node:fs/promises';
import pg from 'pg';

/** An order, and what is known of its mail. */
export interface TriedOrder {
  readonly orderId: string;
  readonly status: string;
  readonly isTold: boolean;
  /** Attempts that may have brought a mail. */
  readonly attempts: number;
}

/** Compares what the mail catcher has got with what the database says; `forgotten` as in `compareMails`. */
export async function auditMailLog(
  databaseUrl: string,
  mailFile: string,
  forgotten: ReadonlySet<string>,
): Promise<readonly string[]> {
  const copies = countMails(await readFile(mailFile, 'utf8').catch(() => ''));
  return compareMails(copies, await triedOrders(databaseUrl), forgotten);
}

/**
 * A completed order has a mail, no order has more than attempts that may have succeeded, and no order has one that it
 * does not know of. Of the `forgotten` the database has lost attempts: they may have a mail too many.
 */
export function compareMails(
  copies: ReadonlyMap<string, number>,
  orders: readonly TriedOrder[],
  forgotten: ReadonlySet<string>,
): readonly string[] {
  return orders.flatMap(({ orderId, status, isTold, attempts }) => {
    const count = copies.get(orderId) ?? 0;
    if (status === 'COMPLETED' && count === 0) return [`${orderId}: completed, and there is no mail`];
    if (forgotten.has(orderId)) return [];
    if (count > attempts)
      return [`${orderId}: ${count} mails, of ${attempts} attempts that may have succeeded`];
    if (count > 0 && !isTold) return [`${orderId}: ${status}, and it does not know of its mail`];
    return [];
  });
}

/** By order, from the file of the mail catcher; a line that a crash has cut short is no mail. */
export function countMails(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, orderId] = /"orderId":"([^"]+)".*[}]$/.exec(line) ?? [];
    if (orderId !== undefined) counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
  }
  return counts;
}

async function triedOrders(databaseUrl: string): Promise<readonly TriedOrder[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const { rows } = await db.query<TriedOrder>(
      `select order_id as "orderId", status, told_at is not null as "isTold", (select count(*)::int
         from notification.attempts a where a.order_id = o.order_id and fate is distinct from 'REFUSED') as attempts
       from orders.orders o`,
    );
    return rows;
  } finally {
    await db.end();
  }
}
