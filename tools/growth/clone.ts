import type { ClientBase } from 'pg';

/** The tables with rows of orders, those first that others refer to. */
const tables = [
  ...['orders.orders', 'orders.status_history', 'orders.attention', 'orders.claims', 'orders.inbox'],
  ...['payment.wallet_ledger', 'payment.payments', 'payment.inbox'],
  ...['inventory.stock_ledger', 'inventory.reservations', 'inventory.inbox'],
  ...['notification.notifications', 'notification.attempts', 'notification.inbox'],
  ...['journal.events', 'journal.drops', 'feed.entries'],
] as const;

/** Over how many days the past orders are spread. */
const DAYS = 60;

/**
 * Puts every order of the database there `times` times more, each copy with ids of its own and further in the past: all its
 * rows in all tables, written by SQL, without triggers. Balances and stock are as before, and the ledgers agree with
 * them. `onCopied` is told after each round how many there have been.
 */
export async function cloneOrders(
  db: ClientBase,
  times: number,
  onCopied: (rounds: number) => void,
): Promise<void> {
  await db.query(`set session_replication_role = replica`);
  await db.query(`create temporary table originals as select order_id from orders.orders`);
  const statements: string[] = [];
  for (const table of tables) statements.push(await cloningOf(db, table));
  for (let first = 1; first <= times; first += ROUND) {
    const last = Math.min(times, first + ROUND - 1);
    await db.query('begin');
    for (const statement of statements) await db.query(statement, [first, last, times]);
    await db.query('commit');
    onCopied(last);
  }
  await balance(db);
  await db.query(`drop table originals`);
  await db.query(`set session_replication_role = origin`);
}

/** How many copies of each order a transaction writes. */
const ROUND = 20;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isGenerated: boolean;
}

async function cloningOf(db: ClientBase, table: string): Promise<string> {
  const { rows } = await db.query<Column>(
    `select attname as name, format_type(atttypid, null) as type, attidentity <> '' as "isGenerated"
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const columns = rows.filter(({ isGenerated }) => !isGenerated);
  return `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(copyOf).join(', ')}
    from generate_series($1::int, $2::int) copy, ${table} original
    where order_id in (select order_id from originals) and $3::int > 0`;
}

function copyOf({ name, type }: Column): string {
  if (type === 'uuid') return `md5(original.${name}::text || copy)::uuid`;
  if (type === 'timestamp with time zone')
    return `original.${name} - interval '1 day' - copy * interval '${DAYS} days' / $3::int`;
  // The id of an event, and what was done about it.
  if (name === 'key') return `md5(left(original.key, 36) || copy)::uuid::text || substr(original.key, 37)`;
  return `original.${name}`;
}

/** What the copies have taken from wallets and stock is paid in and restocked. */
async function balance(db: ClientBase): Promise<void> {
  await db.query(`
    with copied as (
      select customer_id, -sum(amount) as spent from payment.wallet_ledger
      where order_id is not null and order_id not in (select order_id from originals) group by customer_id
    ), paid_in as (
      insert into payment.wallet_ledger (customer_id, kind, amount, idempotency_key, at)
      select customer_id, 'DEPOSIT', spent, 'growth', now() from copied where spent > 0
    )
    update payment.wallets set charged = charged + spent from copied where copied.customer_id = wallets.customer_id`);
  await db.query(`
    with copied as (
      select sku, sum(reserved_change) as reserved from inventory.stock_ledger
      where order_id is not null and order_id not in (select order_id from originals) group by sku
    ), restocked as (
      insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, idempotency_key, at)
      select sku, 'RESTOCK', reserved, 0, 'growth', now() from copied where reserved > 0
    )
    update inventory.stock set reserved = stock.reserved + copied.reserved from copied where copied.sku = stock.sku`);
}
