import type { Connection } from '../core/postgres/pool.js';
import { runStatements } from './run-statements.js';

/** Holds every object of the shop. Nobody logs in as this role; whoever migrates is a member of it. */
export const OWNER = 'order_saga_owner';

/** Creates the owner where there is none, and hands over to it what was created before there was one. */
export async function provideOwner(db: Connection, roles: readonly string[]): Promise<void> {
  await runStatements(db, creation, [OWNER]);
  await runStatements(db, grants, [OWNER]);
  await runStatements(db, handovers, [OWNER, roles]);
}

const creation = `
  select format('create role %I nologin', $1::text) as statement
  where not exists (select from pg_roles where rolname = $1::text)`;

/** Who creates a role may grant it, but is no member of it yet. */
const grants = `
  select format('grant %I to session_user', $1::text) as statement
    where not pg_has_role(session_user, $1::name, 'usage')
  union all select format('grant create on database %I to %I', current_database(), $1::text)
  union all select format('grant usage, create on schema public to %I', $1::text)`;

/** The schemas are those that a login may use. A schema comes before what is in it. */
const handovers = `
  with ours as (
    select oid, nspname from pg_namespace
    where nspname <> 'public'
      and exists (select from aclexplode(nspacl) join pg_roles on grantee = pg_roles.oid where rolname = any ($2))
  ), held as (
    select 1 as step, nspowner as holder, format('schema %I', nspname) as object
      from pg_namespace join ours using (oid, nspname)
    union all
    select 2, relowner, format('table %s', pg_class.oid::regclass)
      from pg_class left join ours on relnamespace = ours.oid
      where relkind = 'r' and (ours.oid is not null or pg_class.oid = to_regclass('public.migrations'))
    union all
    select 2, proowner, format('function %s', pg_proc.oid::regprocedure)
      from pg_proc join ours on pronamespace = ours.oid
  )
  select format('alter %s owner to %I', object, $1::text) as statement from held
  where holder <> (select oid from pg_roles where rolname = $1::text)
  order by step`;
