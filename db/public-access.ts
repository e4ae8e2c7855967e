import type { Connection } from '../core/postgres/pool.js';
import { OWNER } from './owner.js';
import { runStatements } from './run-statements.js';

/**
 * Takes from the public what PostgreSQL gives it: to connect to this database and to those that every cluster has,
 * temporary tables, large objects, and advisory locks, which anybody could hold against a migration. Returns a line for
 * each thing that stays open because it belongs to somebody else.
 */
export async function restrictPublic(db: Connection): Promise<readonly string[]> {
  await runStatements(db, revocations, [OWNER]);
  const { rows } = await db.query<{ line: string }>(stillOpen);
  return rows.map(({ line }) => line);
}

const databases = `
  select datname from pg_database
  where datname in (current_database(), 'template1', 'postgres')
    and (has_database_privilege('public', oid, 'connect') or has_database_privilege('public', oid, 'temporary'))`;

const functions = `
  select oid, oid::regprocedure as signature, proname from pg_proc
  where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^(lo_|loread$|lowrite$|pg_(try_)?advisory_)'`;

const openFunctions = `select signature from (${functions}) known where has_function_privilege('public', oid, 'execute')`;

/**
 * Of what belongs to somebody else, PostgreSQL revokes nothing, and warns. The owner keeps advisory locks, with which
 * migrations wait for each other.
 */
const revocations = `
  select format('revoke connect, temporary on database %I from public', datname) as statement from (${databases}) open
  union all
  select format('grant execute on function %s to %I', signature, $1::text) from (${functions}) known
    where proname ~ 'advisory' and has_function_privilege(oid, 'execute with grant option')
  union all
  select format('revoke execute on function %s from public', signature) from (${openFunctions}) open`;

const stillOpen = `
  select format('The public may still connect to %I: as its owner, revoke connect, temporary on database %I from public',
    datname, datname) as line from (${databases}) open
  union all
  select format('The public may still use %s functions of large objects and advisory locks: migrate once as a superuser',
    count(*)) from (${openFunctions}) open having count(*) > 0`;
