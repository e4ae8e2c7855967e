import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedDemoData } from '../../db/demo-data.js';
import { loginsOf, migrate } from '../../db/migrate.js';
import { logins } from '../../schemas/services.js';
import { databaseUrl, forEachLogin, loginOf } from '../support/database.js';

describe('several migrations of one empty database at once', () => {
  const cluster = process.env['TEST_DATABASE_URL'] ?? '';
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = databaseUrl(cluster, name);
  beforeEach(() => run(cluster, `create database ${name}`));
  afterEach(() => run(cluster, `drop database ${name}`));

  test('wait for each other, and all end well', async () => {
    const start = async () => {
      await migrate(url, forEachLogin(loginOf));
      await seedDemoData(url);
    };
    await Promise.all([start(), start(), start()]);
    expect(await run(url, `select count(*)::int as customers from orders.customers`)).toEqual([
      { customers: 2 },
    ]);
    expect(
      await run(url, `select count(*)::int as twice from migrations group by name having count(*) > 1`),
    ).toEqual([]);
  });
});

describe('the login that a URL names', () => {
  const loginIn = (url: string) => loginsOf(Object.fromEntries(logins.map((login) => [login, url]))).payment;
  const payment = { user: 'payment_service', password: 'a:b/c d' };

  test.each([
    'postgres://payment_service:a%3Ab%2Fc%20d@127.0.0.1:5432/saga',
    'postgres://payment_service:a%3Ab%2Fc%20d@[::1]:5432/saga',
    'postgres://payment_service:a%3Ab%2Fc%20d@%2Fvar%2Frun%2Fpostgresql/saga',
    'postgres:///saga?host=/var/run/postgresql&user=payment_service&password=a%3Ab%2Fc%20d',
    'postgres://payment_service:a%3Ab%2Fc%20d@/saga?host=/var/run/postgresql',
  ])('%s', (url) => {
    expect(loginIn(url)).toEqual(payment);
  });
});

async function run(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as readonly unknown[];
  } finally {
    await client.end();
  }
}
