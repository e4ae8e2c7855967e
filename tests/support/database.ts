import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createPool, type Pool } from '../../db/pool.js';
import { roleOf, services, type Service } from '../../schemas/services.js';

export interface TestDatabase {
  /** Superuser access, for arranging and inspecting. */
  readonly owner: Pool;
  readonly ownerUrl: string;
  /** One pool per service, each logged in as its role. */
  readonly pools: Readonly<Record<Service, Pool>>;
  readonly urls: Readonly<Record<Service, string>>;
  close(): Promise<void>;
}

/** A fresh database from the migrated template, gone again after `close`. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`create database ${name} template template_saga`);
  const ownerUrl = inject('ownerUrl').replace(/\/postgres$/, `/${name}`);
  const open = (url: string) =>
    createPool({ url, applicationName: 'test', maxConnections: 4, onError: () => undefined });
  const urls = forEachService((service) => {
    const url = new URL(ownerUrl);
    url.username = roleOf(service);
    url.password = inject('passwords')[service];
    return url.href;
  });
  const pools = forEachService((service) => open(urls[service]));
  const owner = open(ownerUrl);
  return {
    owner,
    ownerUrl,
    pools,
    urls,
    close: async () => {
      await Promise.all([owner, ...Object.values(pools)].map((pool) => pool.end()));
      await asSuperuser(`drop database ${name} with (force)`);
    },
  };
}

export const forEachService = <T>(make: (service: Service) => T): Record<Service, T> =>
  Object.fromEntries(services.map((service) => [service, make(service)])) as Record<Service, T>;

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client(inject('ownerUrl'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** What the tests start from: the demo data of the documents. */
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
