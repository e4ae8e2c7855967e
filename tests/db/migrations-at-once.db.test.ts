import { afterAll, beforeAll, expect, test } from 'vitest';
import { roleOf } from '../../core/choreography.js';
import { seedDemoData } from '../../db/demo-data.js';
import { loginsOf } from '../../db/logins.js';
import { migrate } from '../../db/migrate.js';
import { logins } from '../../schemas/services.js';
import { forEachLogin } from '../support/database.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';

let cluster: OwnCluster;
beforeAll(async () => (cluster = await startOwnCluster()));
afterAll(() => cluster.stop());

test('several migrations of one empty database at once wait for each other, and all end well', async () => {
  await cluster.run(cluster.superuserUrl, 'create database shop');
  const url = Object.assign(new URL(cluster.superuserUrl), { pathname: '/shop' }).href;
  const given = forEachLogin((name) => ({ user: roleOf(name), password: name }));
  const start = async () => {
    await migrate(url, given);
    await seedDemoData(url);
  };
  await Promise.all([start(), start(), start()]);
  expect(await cluster.run(url, 'select count(*)::int as customers from orders.customers')).toEqual([
    { customers: 2 },
  ]);
  expect(
    await cluster.run(url, 'select count(*)::int as twice from migrations group by name having count(*) > 1'),
  ).toEqual([]);
});

const payment = { user: 'payment_service', password: 'a:b/c d' };

test.each([
  'postgres://payment_service:a%3Ab%2Fc%20d@127.0.0.1:5432/saga',
  'postgres://payment_service:a%3Ab%2Fc%20d@[::1]:5432/saga',
  'postgres://payment_service:a%3Ab%2Fc%20d@%2Fvar%2Frun%2Fpostgresql/saga',
  'postgres:///saga?host=/var/run/postgresql&user=payment_service&password=a%3Ab%2Fc%20d',
  'postgres://payment_service:a%3Ab%2Fc%20d@/saga?host=/var/run/postgresql',
])('the login that %s names', (url) => {
  expect(loginsOf(Object.fromEntries(logins.map((login) => [login, url]))).payment).toEqual(payment);
});
