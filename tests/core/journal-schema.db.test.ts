import { afterAll, beforeAll, expect, test } from 'vitest';
import { createJournal } from '../../core/postgres/create-journal.js';
import { keyColumn } from '../../core/postgres/journal.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { choreography } from '../../schemas/catalogue.js';
import { createTestDatabase, databaseUrl, type TestDatabase } from '../support/database.js';

const parcels = { ...choreography, sagaKey: 'parcelId' };

let migrated: TestDatabase;
let created: Pool;
let createdName: string;
beforeAll(async () => {
  migrated = await createTestDatabase();
  createdName = `${new URL(migrated.ownerUrl).pathname.slice(1)}_core`;
  await migrated.owner.query(`create database ${createdName}`);
  created = createPool({
    url: databaseUrl(migrated.ownerUrl, createdName),
    applicationName: 'test of the journal',
    onError: () => undefined,
  });
  await createJournal(created, parcels);
});
afterAll(async () => {
  await created.end();
  await migrated.owner.query(`drop database ${createdName}`);
  await migrated.close();
});

const list = (...names: readonly string[]): string => `all (array['${names.join(`', '`)}'])`;

/** What the shop adds to its journal by later migrations. */
const laterTables = list('operator_actions');
const laterIndexes = list('quarantine_by_age', 'moments_in_the_journal', 'drops_of_an_order');

/** What belongs to operators and observers, whom only the shop has; and the owner's own, who has another name there. */
const isOfOthers = `grantee::regrole::text = any (array['operator_service', 'observer_service'])`;

/** The shop's words, as the core has them. */
const inWordsOfTheCore = (text: string): string =>
  text.replaceAll('of_an_order', 'of_a_saga').replaceAll(keyColumn(choreography), keyColumn(parcels));

const facts = {
  tables: `select relname, relrowsecurity, relforcerowsecurity, relpersistence
    from pg_class where relnamespace = 'journal'::regnamespace and relkind = 'r' and relname <> ${laterTables}`,
  columns: `select relname, attname, attnum, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
      pg_get_expr(adbin, adrelid) as default
    from pg_attribute
    join pg_class class on class.oid = attrelid
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = 'journal'::regnamespace and relkind = 'r' and attnum > 0 and relname <> ${laterTables}`,
  constraints: `select relname, conname, contype, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint join pg_class class on class.oid = conrelid
    where relnamespace = 'journal'::regnamespace and relname <> ${laterTables}`,
  indexes: `select tablename, indexname, indexdef from pg_indexes
    where schemaname = 'journal' and tablename <> ${laterTables} and indexname <> ${laterIndexes}`,
  policies: `select tablename, policyname, permissive, roles::text, cmd, qual, with_check
    from pg_policies where schemaname = 'journal' and roles = '{public}'`,
  triggers: `select pg_get_triggerdef(oid) from pg_trigger
    where not tgisinternal and tgrelid::regclass::text like 'journal.%' and tgname not like 'feed%'`,
  functions: `select pg_get_functiondef(oid), proacl is null as is_public from pg_proc
    where pronamespace = 'journal'::regnamespace and proname <> 'admit'`,
  'grants on the schema': `select grantee::regrole::text, privilege_type, is_grantable
    from pg_namespace, aclexplode(nspacl) where nspname = 'journal' and grantee <> nspowner and not ${isOfOthers}`,
  'grants on the tables': `select relname, grantee::regrole::text, privilege_type, is_grantable
    from pg_class, aclexplode(relacl)
    where relnamespace = 'journal'::regnamespace and relkind = 'r' and relname <> ${laterTables}
      and grantee <> relowner and not ${isOfOthers}`,
  'grants on the columns': `select relname, attname, grantee::regrole::text, privilege_type, is_grantable
    from pg_attribute join pg_class class on class.oid = attrelid, aclexplode(attacl)
    where relnamespace = 'journal'::regnamespace and relname <> ${laterTables} and not ${isOfOthers}`,
};

async function read(pool: Pool, query: string): Promise<readonly string[]> {
  const { rows } = await pool.query<Record<string, unknown>>(query);
  return rows.map((row) => inWordsOfTheCore(JSON.stringify(row))).sort();
}

test.each(Object.entries(facts))("the core's journal and the shop's have the same %s", async (_, query) => {
  const expected = await read(migrated.owner, query);
  expect(expected.length).toBeGreaterThan(1);
  expect(await read(created, query)).toEqual(expected);
});

test('a role that was not admitted reaches nothing of the journal', async () => {
  const other = createPool({
    url: Object.assign(new URL(migrated.urls.observer), { pathname: `/${createdName}` }).href,
    applicationName: 'test of the journal',
    onError: () => undefined,
  });
  try {
    for (const table of ['events', 'quarantine', 'drops'])
      await expect(other.query(`select 1 from journal.${table}`)).rejects.toMatchObject({ code: '42501' });
    await expect(other.query(`select journal.admit(current_user)`)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await other.end();
  }
});
