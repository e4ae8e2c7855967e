import { afterAll, beforeAll, expect, test } from 'vitest';
import { roleOf } from '../../core/choreography.js';
import { loginRoles } from '../../db/logins.js';
import { migrate } from '../../db/migrate.js';
import { OWNER } from '../../db/owner.js';
import { logins, type LoginName } from '../../schemas/services.js';
import { forEachLogin } from '../support/database.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';

const plain = { user: 'plain_owner', password: 'plain' };

let cluster: OwnCluster;
/** What the public may still do once somebody who is no superuser has migrated. */
let left: readonly string[];
beforeAll(async () => {
  cluster = await startOwnCluster({ max_connections: '100' });
  await asSuperuser(`create role ${plain.user} login createrole password '${plain.password}'`);
  await asSuperuser(`create database shop owner ${plain.user}`);
  left = await migrate(plainUrl('shop'), passwords('first'));
});
afterAll(() => cluster.stop());

const asSuperuser = (statement: string, database = 'postgres') =>
  cluster.run(Object.assign(new URL(cluster.superuserUrl), { pathname: `/${database}` }).href, statement);
const plainUrl = (database: string) => cluster.urlOf(plain.user, plain.password, database);
const passwords = (password: string) => forEachLogin((name) => ({ user: roleOf(name), password }));
const as = (name: LoginName, statement: string, { password = 'first', database = 'shop' } = {}) =>
  cluster.run(cluster.urlOf(roleOf(name), password, database), statement);

test('a role that may create roles and owns the database can migrate it, and again', async () => {
  await migrate(plainUrl('shop'), passwords('first'));
  expect(await asSuperuser(`select rolsuper from pg_roles where rolname = '${plain.user}'`)).toEqual([
    { rolsuper: false },
  ]);
});

test('every object belongs to an owner that cannot log in', async () => {
  const held = await asSuperuser(
    `select distinct owner.rolname as owner, owner.rolcanlogin as logs_in, owner.rolsuper as is_super
     from (select relowner as oid, relnamespace as schema from pg_class
           union all select proowner, pronamespace from pg_proc
           union all select nspowner, oid from pg_namespace) object
     join pg_roles owner using (oid) join pg_namespace on pg_namespace.oid = schema
     where nspname in ('journal', 'orders', 'payment', 'inventory', 'notification', 'feed', 'faults')`,
    'shop',
  );
  expect(held).toEqual([{ owner: OWNER, logs_in: false, is_super: false }]);
});

test('a login is no member of any role, and has no attribute but to log in', async () => {
  const found = await asSuperuser(
    `select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as is_more, rolcanlogin,
       exists (select from pg_auth_members where member = pg_roles.oid) as is_member
     from pg_roles where rolname in ('${loginRoles.join(`', '`)}')`,
  );
  expect(found).toEqual(logins.map(() => ({ is_more: false, rolcanlogin: true, is_member: false })));
});

test('the logins share the connections of the server, and leave ten', async () => {
  const limits = await asSuperuser(
    `select rolconnlimit from pg_roles where rolname in ('${loginRoles.join(`', '`)}')`,
  );
  expect(limits).toEqual(logins.map(() => ({ rolconnlimit: 15 })));
});

test.each(logins)('a session of %s begins with limits of time', async (name) => {
  const shown = await as(
    name,
    `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
       current_setting('idle_in_transaction_session_timeout') as idle`,
  );
  const [statement, idle] = name === 'observer' ? ['10s', '20s'] : ['2s', '4s'];
  expect(shown).toEqual([{ statement, lock: '1500ms', idle }]);
});

test('a login without a place is refused, and others are served', async () => {
  await asSuperuser(`alter role observer_service connection limit 0`);
  await expect(as('observer', 'select 1')).rejects.toMatchObject({ code: '53300' });
  expect(await as('order', 'select 1 as one')).toEqual([{ one: 1 }]);
  await migrate(plainUrl('shop'), passwords('first'));
  expect(await as('observer', 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('what belongs to somebody else stays open, and each of it is named', () => {
  expect(left).toEqual([
    expect.stringMatching(
      /^The public may still connect to (postgres|template1): as its owner, revoke connect/,
    ),
    expect.stringMatching(
      /^The public may still connect to (postgres|template1): as its owner, revoke connect/,
    ),
    expect.stringMatching(/^The public may still use \d+ functions of large objects and advisory locks/),
  ]);
});

test('who is neither owner nor login cannot connect to the shop', async () => {
  await asSuperuser(`create role stranger login password 'stranger'`);
  await expect(cluster.run(cluster.urlOf('stranger', 'stranger', 'shop'), 'select 1')).rejects.toMatchObject({
    code: '42501',
  });
});

test('a second shop in the cluster is refused, and the logins of the first keep their passwords', async () => {
  for (const url of [plainUrl('second'), cluster.superuserUrl]) {
    if (url !== cluster.superuserUrl) await asSuperuser(`create database second owner ${plain.user}`);
    await expect(migrate(url, passwords('second'))).rejects.toThrow(
      /^the role \w+_(service|owner) serves the database shop of the same cluster\. .* a cluster holds one shop: give (second|postgres) a cluster of its own$/,
    );
  }
  for (const name of logins) {
    expect(await as(name, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(as(name, 'select 1', { password: 'second' })).rejects.toMatchObject({ code: '28P01' });
  }
  expect(await asSuperuser(`select nspname from pg_namespace where nspname = 'journal'`, 'second')).toEqual(
    [],
  );
});

test('a password that was changed is set', async () => {
  await migrate(plainUrl('shop'), passwords('changed'));
  expect(await as('payment', 'select 1 as one', { password: 'changed' })).toEqual([{ one: 1 }]);
  await migrate(plainUrl('shop'), passwords('first'));
});

test('a superuser takes the rest from the public, and whoever migrates later still can', async () => {
  const url = cluster.urlOf('postgres', new URL(cluster.superuserUrl).password, 'shop');
  expect(await migrate(url, passwords('first'))).toEqual([]);
  for (const name of logins) {
    for (const database of ['postgres', 'template1'])
      await expect(as(name, 'select 1', { database })).rejects.toMatchObject({ code: '42501' });
    for (const statement of [
      `create temporary table mine (note text)`,
      `select lo_create(0)`,
      `select lo_from_bytea(0, 'x')`,
      `select pg_advisory_lock(1)`,
      `select pg_try_advisory_xact_lock_shared(1, 1)`,
    ])
      await expect(as(name, statement)).rejects.toMatchObject({ code: '42501' });
  }
  expect(await migrate(plainUrl('shop'), passwords('first'))).toEqual([]);
});
