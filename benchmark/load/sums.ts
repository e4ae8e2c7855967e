import type { Pool } from '../../core/postgres/pool.js';

/**
 * What does not add up among a contender's customers and products: money and stock, against their ledgers and against the
 * orders that took them. Orders that wait for their mail have taken both.
 */
export async function wrongSums(owner: Pool, shop: string): Promise<readonly string[]> {
  const { rows } = await owner.query<{ wrong: string }>(sums, [`${shop}-%`]);
  return rows.map(({ wrong }) => wrong);
}

const sums = `
  with placed as (
    select * from orders.orders
    where customer_id like $1 and status in ('PAYMENT_COMPLETED', 'INVENTORY_RESERVED', 'COMPLETED', 'PENDING_PAYMENT')),
  taken as (
    select item ->> 'sku' as sku, sum((item ->> 'quantity')::bigint) as pieces
    from placed, jsonb_array_elements(items) item group by 1),
  spent as (select customer_id, sum(total) as amount from placed group by 1),
  ledger as (
    select customer_id, sum(amount) as balance, -coalesce(sum(amount) filter (where kind <> 'DEPOSIT'), 0) as charged
    from payment.wallet_ledger where customer_id like $1 group by 1),
  stock_ledger as (
    select sku, sum(available_change) as available, sum(reserved_change) as reserved
    from inventory.stock_ledger where sku like $1 group by 1)
  select format('the wallet of %s has %s, its ledger %s', customer_id, wallets.balance, ledger.balance) as wrong
    from payment.wallets join ledger using (customer_id) where wallets.balance <> ledger.balance
  union all
  select format('%s was charged %s for orders of %s', customer_id, ledger.charged, coalesce(spent.amount, 0))
    from ledger left join spent using (customer_id) where ledger.charged <> coalesce(spent.amount, 0)
  union all
  select format('of %s there are %s and %s, by the ledger %s and %s', sku, stock.available, stock.reserved,
    stock_ledger.available, stock_ledger.reserved)
    from inventory.stock join stock_ledger using (sku)
    where (stock.available, stock.reserved) <> (stock_ledger.available, stock_ledger.reserved)
  union all
  select format('of %s %s pieces are reserved for orders of %s', sku, stock.reserved, coalesce(taken.pieces, 0))
    from inventory.stock left join taken using (sku)
    where sku like $1 and stock.reserved <> coalesce(taken.pieces, 0)`;
