import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import type { Login } from '../../db/logins.js';
import { logins, services, type LoginName, type Service } from '../../schemas/services.js';
import { roleOf } from '../../core/choreography.js';

/** A migrated database that one test file has for itself. */
export interface TestDatabase {
  readonly ownerUrl: string;
  /** Logs in as the owner, who may read and write every table. */
  readonly owner: Pool;
  readonly urls: Readonly<Record<LoginName, string>>;
  /** Each logs in with its own role. */
  readonly pools: Readonly<Record<LoginName, Pool>>;
  /** Ends the pools and drops the database, which fails when a connection that the test made is still open. */
  close(): Promise<void>;
}

/** The migrated database that each file's own is copied from. */
export const TEMPLATE = 'saga_template';

/** The login of a role in the shared cluster. */
export const loginOf = (name: LoginName): Login => ({ user: roleOf(name), password: 'for-tests-only' });

/** The same server and login, another database. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** A fresh database for one file: call it in `beforeAll`, and `close` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const clusterUrl = process.env['TEST_DATABASE_URL'];
  if (clusterUrl === undefined)
    throw new Error('TEST_DATABASE_URL is not set; tests/support/global-setup.ts sets it');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await inCluster(clusterUrl, `create database ${name} template ${TEMPLATE} strategy wal_log`);
  const ownerUrl = databaseUrl(clusterUrl, name);
  const urls = forEachLogin((name) => loginUrl(ownerUrl, name));
  const pools = forEachLogin((name) => openPool(urls[name], name));
  const owner = openPool(ownerUrl, 'owner');
  // As of an installation of now, whenever the template was made: a sweep looks at ten minutes at a time.
  await owner.query(`update journal.sweeps set swept_until = now()`);
  const close = async () => {
    await Promise.all([owner, ...Object.values(pools)].map((pool) => pool.end()));
    await inCluster(clusterUrl, `drop database ${name}`);
  };
  return { ownerUrl, owner, urls, pools, close };
}

function loginUrl(ownerUrl: string, name: LoginName): string {
  const url = new URL(ownerUrl);
  const { user, password } = loginOf(name);
  url.username = user;
  url.password = password;
  return url.href;
}

/**
 * A broken idle connection is what a test that stops the server wants; queries still fail by themselves. On a busy machine
 * a connection may take long.
 */
function openPool(url: string, name: string): Pool {
  const applicationName = `test of ${name}`;
  const pool = createPool({ url, applicationName, maxConnections: 5, onError: () => undefined });
  pool.options.connectionTimeoutMillis = 60_000;
  return pool;
}

export function forEachLogin<T>(make: (name: LoginName) => T): Record<LoginName, T> {
  return Object.fromEntries(logins.map((name) => [name, make(name)])) as Record<LoginName, T>;
}

export function forEachService<T>(make: (service: Service) => T): Record<Service, T> {
  return Object.fromEntries(services.map((service) => [service, make(service)])) as Record<Service, T>;
}

async function inCluster(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** What most tests start from: the demo data of the documents, but for Order's own. */
export async function seedShop(owner: Pool): Promise<void> {
  await owner.query(`
    insert into payment.wallets values ('alice', 'KRW', 1000000), ('bob', 'KRW', 1000);
    insert into payment.wallet_ledger (customer_id, kind, amount, idempotency_key, at)
      select customer_id, 'DEPOSIT', balance, 'seed', now() from payment.wallets;
    insert into inventory.stock values ('mouse', 1000, 0), ('keyboard', 100, 0), ('figurine', 0, 0);
    insert into inventory.stock_ledger (sku, kind, available_change, reserved_change, idempotency_key, at)
      select sku, 'RESTOCK', available, 0, 'seed', now() from inventory.stock where available > 0;
    insert into notification.contacts values ('alice', 'alice@shop.example'), ('bob', 'bob@shop.example');`);
}
