import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { roleOf } from '../../core/choreography.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { migrate } from '../../db/migrate.js';
import { logins, services, type LoginName } from '../../schemas/services.js';
import { databaseUrl, forEachLogin, seedShop } from '../support/database.js';
import { effectsAlone } from '../support/effects-alone.js';
import { startOwnCluster, type OwnCluster } from '../support/own-cluster.js';
import { placementOf } from '../support/saga-world.js';

/** Every login runs every kind of statement on everything that there is, and nobody's effects change. */
let cluster: OwnCluster;
let owner: Pool;
let pools: Readonly<Record<LoginName, Pool>>;
beforeAll(async () => {
  cluster = await startOwnCluster();
  await cluster.run(cluster.superuserUrl, 'create database shop');
  const url = databaseUrl(cluster.superuserUrl, 'shop');
  await migrate(
    url,
    forEachLogin((name) => ({ user: roleOf(name), password: 'secret' })),
  );
  owner = open(url, 'owner');
  pools = forEachLogin((name) => open(cluster.urlOf(roleOf(name), 'secret', 'shop'), name));
  await seedShop(owner);
  await fill();
});
afterAll(async () => {
  await Promise.all([owner, ...Object.values(pools)].map((pool) => pool.end()));
  await cluster.stop();
});

const open = (url: string, name: string): Pool =>
  createPool({ url, applicationName: `test of ${name}`, maxConnections: 2, onError: () => undefined });

/** A row in every table, and in those that services share one of each. */
async function fill(): Promise<void> {
  const run = effectsAlone({ pools });
  const orderId = await run(placementOf('alice', 'mouse'));
  await run(placementOf('alice', 'figurine'));
  await run(placementOf('bob', 'mouse'));
  for (const service of services) {
    await pools[service].query(
      `insert into journal.quarantine
         (service, order_id, workflow_id, run_id, signal_name, reason, detail, body, body_digest, seen)
       values ($1, $2, 'w', 'r', 's', 'SCHEMA', '', 'b', 'd', 3)`,
      [service, orderId],
    );
    await pools[service].query(
      `insert into journal.drops (service, order_id, event_id, run_id, why, seen) values ($1, $2, $2, 'r', 'REPEAT', 3)`,
      [service, orderId],
    );
    await pools.operator.query(
      `insert into faults.changes (operator, service, settings) values ('Ann', $1, '{}')`,
      [service],
    );
  }
  await pools.operator.query(
    `insert into journal.operator_actions (operator, action, order_id, outcome, detail)
     values ('Ann', 'NOTIFICATION_RETRY', $1, 'NOT_PARKED', '')`,
    [orderId],
  );
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

const lockModes = [
  ...['access share', 'row share', 'row exclusive', 'share update exclusive'],
  ...['share', 'share row exclusive', 'exclusive', 'access exclusive'],
];

/** A lock needs a transaction, and a block is one. */
const lock = (table: string, mode: string): string => `do 'begin lock ${table} in ${mode} mode nowait; end'`;

/** What is tried on a table; `me` is the role that tries. */
const onTable = ({ name, columns }: Table, me: string): readonly string[] => [
  `select * from ${name}`,
  `select 1 from ${name} for update`,
  `select 1 from ${name} for share`,
  `table ${name}`,
  ...columns.flatMap((column) => [
    `select ${column} from ${name}`,
    `update ${name} set ${column} = ${column}`,
    `update ${name} set ${column} = default where false`,
    `insert into ${name} (${column}) values (default)`,
  ]),
  `insert into ${name} default values`,
  `insert into ${name} overriding system value select * from ${name}`,
  `delete from ${name}`,
  `merge into ${name} using (values (1)) one on true when matched then delete`,
  `truncate ${name} cascade`,
  ...lockModes.map((mode) => lock(name, mode)),
  `copy ${name} to stdout`,
  `copy ${name} to program 'cat'`,
  `copy ${name} from program 'cat /etc/hostname'`,
  `copy ${name} to '/tmp/stolen'`,
  `alter table ${name} add column mine text`,
  ...columns.map((column) => `alter table ${name} drop column ${column} cascade`),
  `alter table ${name} disable trigger all`,
  `alter table ${name} disable row level security`,
  `alter table ${name} no force row level security`,
  `alter table ${name} owner to ${me}`,
  `alter table ${name} rename to mine`,
  `alter table ${name} set schema public`,
  `drop table ${name} cascade`,
  `create index on ${name} (${columns[0] ?? ''})`,
  `create policy mine on ${name} using (true) with check (true)`,
  `create rule mine as on insert to ${name} do instead nothing`,
  `create trigger mine after insert on ${name} for each row execute function feed.tell('status')`,
  `create view public.mine as select * from ${name}`,
  `create table public.mine (like ${name})`,
  `grant all on ${name} to ${me}`,
  `grant all on ${name} to public`,
  `revoke all on ${name} from public, ${services.map(roleOf).join(', ')}`,
  `comment on table ${name} is 'mine'`,
  `reindex table ${name}`,
  `cluster ${name}`,
  `vacuum full ${name}`,
];

const onSchema = (schema: string, me: string): readonly string[] => [
  `create table ${schema}.mine (note text)`,
  `create function ${schema}.mine() returns int language sql as 'select 1'`,
  `drop schema ${schema} cascade`,
  `alter schema ${schema} owner to ${me}`,
  `alter schema ${schema} rename to mine`,
  `grant all on schema ${schema} to ${me}`,
  `grant all on all tables in schema ${schema} to ${me}`,
];

const onFunction = ({ call, signature }: Routine, me: string): readonly string[] => [
  `select ${call}`,
  `alter function ${signature} owner to ${me}`,
  `alter function ${signature} security definer`,
  `drop function ${signature} cascade`,
  `grant execute on function ${signature} to ${me}`,
];

const onRole = (role: string, me: string): readonly string[] => [
  `set role ${role}`,
  `set session authorization ${role}`,
  `grant ${role} to ${me}`,
  `grant ${me} to ${role}`,
  `alter role ${role} password 'mine'`,
  `alter role ${role} connection limit 0`,
  `alter role ${role} set statement_timeout = '1ms'`,
  `alter role ${role} superuser`,
  `drop role ${role}`,
  `drop owned by ${role}`,
  `reassign owned by ${role} to ${me}`,
  `alter default privileges for role ${role} grant all on tables to ${me}`,
  `select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = '${role}'`,
];

const onCluster = (me: string): readonly string[] => [
  `create role mine`,
  `create database mine`,
  `create schema mine`,
  `create extension dblink`,
  `create temporary table mine (note text)`,
  `alter database shop owner to ${me}`,
  `alter database shop set statement_timeout = '1ms'`,
  `drop database shop`,
  `grant all on database shop to ${me}`,
  `alter role ${me} superuser`,
  `alter role ${me} createrole`,
  `alter role ${me} bypassrls`,
  `alter role ${me} connection limit -1`,
  `alter system set max_connections = 1`,
  `select pg_read_file('/etc/passwd')`,
  `select pg_ls_dir('.')`,
  `select lo_create(0)`,
  `select lo_import('/etc/passwd')`,
  `select pg_advisory_lock(1)`,
  `select pg_reload_conf()`,
  `select pg_switch_wal()`,
  `select pg_stat_reset()`,
  `set session_replication_role = replica`,
  `create publication mine for all tables`,
  `select pg_create_logical_replication_slot('mine', 'pgoutput')`,
  `do language plpgsql $$ begin perform 1 from pg_authid; end $$`,
];

interface Routine {
  readonly signature: string;
  readonly call: string;
}

async function findTables(): Promise<readonly Table[]> {
  const { rows } = await owner.query<Table>(
    `select format('%I.%I', table_schema, table_name) as name, array_agg(column_name::text order by ordinal_position) as columns
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE' group by 1 order by 1`,
  );
  return rows;
}

async function findRoutines(): Promise<readonly Routine[]> {
  const { rows } = await owner.query<Routine>(
    `select oid::regprocedure::text as signature, format('%s(%s)', oid::regproc,
       (select string_agg('null::' || format_type(type, null), ', ') from unnest(proargtypes) type)) as call
     from pg_proc where pronamespace::regnamespace::text in
       ('journal', 'orders', 'payment', 'inventory', 'notification', 'feed', 'faults', 'retention')`,
  );
  return rows;
}

async function statementsFor(me: string): Promise<readonly string[]> {
  const [tables, routines] = [await findTables(), await findRoutines()];
  const schemas = new Set(tables.map(({ name }) => name.split('.')[0] ?? ''));
  const roles = [...logins.map(roleOf), 'postgres', 'order_saga_owner'].filter((role) => role !== me);
  return [
    ...tables.flatMap((table) => onTable(table, me)),
    ...routines.flatMap((routine) => onFunction(routine, me)),
    ...[...schemas].flatMap((schema) => onSchema(schema, me)),
    ...roles.flatMap((role) => onRole(role, me)),
    ...onCluster(me),
  ];
}

/** What is stored, and who may do what; the time of a count that was set to itself is the only thing left out. */
async function everything() {
  const kept: Record<string, unknown> = {};
  for (const { name } of await findTables()) {
    const { rows } = await owner.query(
      `select to_jsonb(kept) - 'last_seen_at' as row from ${name} kept order by 1`,
    );
    kept[name] = rows;
  }
  for (const [name, sql] of Object.entries(structure)) kept[name] = (await owner.query(sql)).rows;
  return kept;
}

const structure = {
  relations: `select relname, relnamespace, relkind, relowner, relacl::text, relrowsecurity, relforcerowsecurity
    from pg_class where relnamespace >= 2200 and relkind <> 't' order by oid`,
  columns: `select attrelid, attname, attacl::text from pg_attribute
    where attrelid >= 16384 and attnum > 0 order by attrelid, attnum`,
  schemas: `select nspname, nspowner, nspacl::text from pg_namespace where nspname not like 'pg_temp%'
    and nspname not like 'pg_toast%' order by oid`,
  functions: `select proname, proowner, coalesce(proacl, acldefault('f', proowner))::text as acl, prosrc, prosecdef from pg_proc where oid >= 16384 order by oid`,
  triggers: `select tgname, tgrelid, tgenabled from pg_trigger order by oid`,
  policies: `select * from pg_policies order by tablename, policyname`,
  rules: `select count(*) from pg_rewrite`,
  roles: `select * from pg_authid order by oid`,
  members: `select roleid, member from pg_auth_members order by oid`,
  settings: `select * from pg_db_role_setting order by setrole`,
  databases: `select datname, datdba, datacl::text from pg_database order by oid`,
  extensions: `select extname from pg_extension order by oid`,
  'large objects': `select count(*) from pg_largeobject_metadata`,
};

/** Runs each on its own, on one connection; returns those that were not refused, nor did nothing but warn. */
async function attempt(name: LoginName, statements: readonly string[]): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: cluster.urlOf(roleOf(name), 'secret', 'shop') });
  client.on('error', () => undefined);
  await client.connect();
  let warned = false;
  client.on('notice', ({ severity }) => (warned ||= severity === 'WARNING'));
  const accepted: string[] = [];
  try {
    for (const statement of statements) {
      warned = false;
      const isDone = await client.query(statement).then(
        () => true,
        () => false,
      );
      if (isDone && !warned) accepted.push(statement);
    }
  } finally {
    await client.end();
  }
  return accepted;
}

const isReading = (statement: string): boolean =>
  /^(select|table|copy .* to stdout|do 'begin lock \S+ in access share)\b/.test(statement);

const isService = (name: LoginName): boolean => services.some((service) => service === name);

/** The schema that the login may write; operators and observers have none. */
const ownSchemaOf = (name: LoginName): string =>
  name === 'order' ? 'orders' : isService(name) ? name : 'none';

/** What a service may change outside its schema: the marks of its own events, its own counts, and its own sweep's record. */
const shared = [
  ...['journal.drops.last_seen_at', 'journal.drops.seen'],
  ...['journal.events.delivered_at', 'journal.events.delivered_to'],
  ...['journal.quarantine.last_seen_at', 'journal.quarantine.seen'],
  'journal.sweeps.swept_until',
  ...['claimed_at', 'found_at', 'rested_at', 'stuck_at', 'why', 'woken'].map(
    (column) => `journal.unfinished.${column}`,
  ),
];

/** An update as the column that it is of; anything else as it is. */
const changeOf = (statement: string): string => statement.replace(/^update (\S+) set (\w+) = .*$/, '$1.$2');

test('every login runs every statement on everything, and all that is stored and granted stays', async () => {
  const before = await everything();
  const accepted = forEachLogin<readonly string[]>(() => []);
  let count = 0;
  await Promise.all(
    logins.map(async (name) => {
      const statements = await statementsFor(roleOf(name));
      count += statements.length;
      accepted[name] = await attempt(name, statements);
    }),
  );
  expect(count).toBeGreaterThan(6_000);
  expect(await everything()).toEqual(before);
  for (const name of logins) {
    const foreign = accepted[name].filter((statement) => !statement.includes(` ${ownSchemaOf(name)}.`));
    const changed = new Set(foreign.filter((statement) => !isReading(statement)).map(changeOf));
    expect([name, [...changed].toSorted()]).toEqual([name, isService(name) ? shared : []]);
  }
}, 500_000);

test('then the shop goes on', async () => {
  const run = effectsAlone({ pools });
  const orderId = await run(placementOf('alice', 'mouse'));
  const { rows } = await owner.query(`select status from orders.orders where order_id = $1`, [orderId]);
  expect(rows).toEqual([{ status: 'COMPLETED' }]);
});
