import type { Pool } from '../../core/postgres/pool.js';

/** Every sum that a saga must not disturb: balances, stock, and whether the ledgers agree with them. */
export async function shopSums(owner: Pool) {
  const wallets = await owner.query<{ customer_id: string; balance: number; agrees: boolean }>(
    `select customer_id, balance, (balance, charged) =
       (select sum(amount), coalesce(-sum(amount) filter (where kind <> 'DEPOSIT'), 0) from payment.wallet_ledger l
        where l.customer_id = w.customer_id) as agrees from payment.wallets w`,
  );
  const stock = await owner.query<{ sku: string; available: number; reserved: number }>(
    `select sku, available, reserved from inventory.stock`,
  );
  return {
    ledgersAgree: wallets.rows.every(({ agrees }) => agrees),
    balance: Object.fromEntries(wallets.rows.map((row) => [row.customer_id, row.balance])),
    available: Object.fromEntries(stock.rows.map((row) => [row.sku, row.available])),
    reserved: Object.fromEntries(stock.rows.map((row) => [row.sku, row.reserved])),
  };
}

/** What was published for an order, by type, in the journal's order. */
export async function published(owner: Pool, orderId: string): Promise<readonly string[]> {
  const { rows } = await owner.query<{ type: string }>(
    `select type from journal.events where order_id = $1 order by seq`,
    [orderId],
  );
  return rows.map(({ type }) => type);
}

/** Why signals for an order were refused, by service. */
export async function quarantined(owner: Pool, orderId: string): Promise<readonly string[]> {
  const { rows } = await owner.query<{ line: string }>(
    `select service || ' ' || reason as line from journal.quarantine where order_id = $1 order by quarantine_id`,
    [orderId],
  );
  return rows.map(({ line }) => line);
}
