import pg from 'pg';
import { roleOf } from '../core/choreography.js';
import type { Connection } from '../core/postgres/pool.js';
import { logins, type LoginName } from '../schemas/services.js';
import { OWNER } from './owner.js';
import { runStatements } from './run-statements.js';
import { scramVerifier } from './scram.js';

export interface Login {
  readonly user: string;
  readonly password: string;
}

export const loginRoles: readonly string[] = logins.map(roleOf);

/** The logins that URLs name, read as the driver reads them: in their usual place, or among the parameters. */
export function loginsOf(urls: Readonly<Record<string, string>>): Readonly<Record<LoginName, Login>> {
  const loginOf = (name: LoginName): Login => {
    const { user = '', password } = new pg.Client({ connectionString: urls[name] });
    return { user, password: password ?? '' };
  };
  return Object.fromEntries(logins.map((name) => [name, loginOf(name)])) as Record<LoginName, Login>;
}

/**
 * Throws where the shop's roles serve another database of the cluster. The databases of a cluster share its roles, so a
 * second shop would take over the first one's logins, and change their passwords.
 */
export async function requireClusterOfOurs(db: Connection): Promise<void> {
  const { rows } = await db.query<{ here: string; other: string; role: string }>(
    `select current_database() as here, datname as other, rolname as role
     from pg_shdepend
     join pg_roles on refclassid = 'pg_authid'::regclass and refobjid = pg_roles.oid
     join pg_database on pg_database.oid = case classid when 'pg_database'::regclass then objid else dbid end
     where rolname = any ($1) and datname <> current_database()
     order by rolname, datname limit 1`,
    [[...loginRoles, OWNER]],
  );
  if (!rows[0]) return;
  const { here, other, role } = rows[0];
  throw new Error(
    `the role ${role} serves the database ${other} of the same cluster. The databases of a cluster share its roles, ` +
      `so a cluster holds one shop: give ${here} a cluster of its own`,
  );
}

/**
 * Provides the role of a login, with the password that its `DATABASE_URL_<NAME>` names. The user must be that very
 * role, since grants and the journal go by it.
 */
export async function provideLogin(db: Connection, name: LoginName, login: Login): Promise<void> {
  const role = roleOf(name);
  if (login.user !== role) throw new Error(`the database user of ${name} must be ${role}, not ${login.user}`);
  await runStatements(db, creation, [role]);
  await runStatements(db, alterations, [role, scramVerifier(login.password), OTHERS, logins.length]);
  await runStatements(db, settings, [role, JSON.stringify(Object.entries(limitsOf(name)))]);
}

const creation = `
  select format('create role %I', $1::text) as statement
  where not exists (select from pg_roles where rolname = $1::text)`;

/** Connections for the owner, backups and the like; PostgreSQL keeps three of them for superusers. */
const OTHERS = 10;

/** Each login gets an equal share of the server's connections, so that none can take what another needs. */
const alterations = `
  select format('alter role %I login password %L connection limit %s', $1::text, $2::text,
    greatest(1, (current_setting('max_connections')::int - $3::int) / $4::int)) as statement
  union all select format('grant connect on database %I to %I', current_database(), $1::text)`;

const settings = `
  select format('alter role %I set %I = %L', $1::text, setting ->> 0, setting ->> 1) as statement
  from jsonb_array_elements($2::jsonb) setting`;

/**
 * What a session of the login begins with; it can set other values for itself (docs/decisions/0030). The monitoring
 * points, which the observer computes, read every order ever placed.
 */
const limitsOf = (name: LoginName): Readonly<Record<string, string>> => ({
  statement_timeout: name === 'observer' ? '10s' : '2s',
  lock_timeout: '1500ms',
  // Also for statements outside a transaction of ours: the database's own default may be a stricter one.
  default_transaction_isolation: 'read committed',
  idle_in_transaction_session_timeout: name === 'observer' ? '20s' : '4s',
});
