import pg from 'pg';

/**
 * Two customers and three products, so that alice + mouse completes, bob + mouse fails at the payment, and
 * alice + figurine is refunded. Runs as the owner, and only where there is no customer yet; ledgers and
 * balances agree from the start.
 */
export async function seedDemoData(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'demo data' });
  await owner.connect();
  try {
    await owner.query('begin isolation level read committed');
    // Two at once would both find the shop empty.
    await owner.query(`select pg_advisory_xact_lock(hashtextextended('demo data', 0))`);
    const { rowCount } = await owner.query('select 1 from orders.customers limit 1');
    if (rowCount === 0) await owner.query(demoData);
    await owner.query('commit');
  } finally {
    await owner.end();
  }
}

const demoData = `
  insert into orders.customers (customer_id, name) values ('alice', 'Alice'), ('bob', 'Bob');
  insert into orders.products (sku, name, price, currency) values
    ('mouse', 'Mouse', 25000, 'KRW'), ('keyboard', 'Keyboard', 120000, 'KRW'), ('figurine', 'Figurine', 80000, 'KRW');
  insert into payment.wallets (customer_id, currency, balance) values ('alice', 'KRW', 1000000), ('bob', 'KRW', 1000);
  insert into payment.wallet_ledger (customer_id, kind, amount, idempotency_key, at)
    select customer_id, 'DEPOSIT', balance, 'demo data', now() from payment.wallets;
  insert into inventory.stock (sku, available, reserved) values ('mouse', 1000, 0), ('keyboard', 100, 0), ('figurine', 0, 0);
  insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, idempotency_key, at)
    select sku, 'RESTOCK', available, 0, 'demo data', now() from inventory.stock where available > 0;
  insert into notification.contacts (customer_id, email) values ('alice', 'alice@shop.example'), ('bob', 'bob@shop.example');`;
