import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { logins, type LoginName } from '../schemas/services.js';
import { roleOf } from '../core/choreography.js';
import { shareSessions } from '../core/postgres/shared-sessions.js';
import { rebaseRestoredFeed } from './feed/rebase.js';
import { scramVerifier } from './scram.js';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The logins that URLs name, read as the driver reads them: in their usual place, or among the parameters. */
export function loginsOf(urls: Readonly<Record<string, string>>): Readonly<Record<LoginName, Login>> {
  const loginOf = (name: LoginName): Login => {
    const { user = '', password } = new pg.Client({ connectionString: urls[name] });
    return { user, password: password ?? '' };
  };
  return Object.fromEntries(logins.map((name) => [name, loginOf(name)])) as Record<LoginName, Login>;
}

/**
 * Brings a database to the newest schema, as its owner; nothing happens when it is there already.
 * The roles exist in the whole cluster and are created first, each with the login that its `DATABASE_URL_<NAME>`
 * names. The user must be that very role, since grants and the journal go by it.
 * Several at once wait for each other.
 */
export async function migrate(ownerUrl: string, given: Readonly<Record<LoginName, Login>>): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'migrations' });
  await owner.connect();
  try {
    await requireSession(owner, ownerUrl);
    await owner.query(`set default_transaction_isolation = 'read committed'`);
    await owner.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    for (const name of logins) await provideLogin(owner, name, given[name]);
    await runner({
      dbClient: owner,
      dir: fileURLToPath(new URL('./migrations', import.meta.url)),
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: true,
      log: () => undefined,
    });
    await rebaseRestoredFeed(owner);
  } finally {
    // Which gives the lock back.
    await owner.end();
  }
}

/** The lock belongs to a session, and a pooler in transaction mode would leave it to somebody else. */
async function requireSession(owner: pg.Client, ownerUrl: string): Promise<void> {
  const other = new pg.Client({ connectionString: ownerUrl, application_name: 'migrations' });
  await other.connect();
  try {
    if (await shareSessions(owner, other))
      throw new Error(
        'DATABASE_URL: expected PostgreSQL itself or a pooler in session mode, found one in transaction mode',
      );
  } finally {
    await other.end();
  }
}

async function provideLogin(owner: pg.Client, name: LoginName, login: Login): Promise<void> {
  const role = roleOf(name);
  if (login.user !== role) throw new Error(`the database user of ${name} must be ${role}, not ${login.user}`);
  const { rows } = await owner.query<{ statement: string }>(
    `select format(case when exists (select from pg_roles where rolname = $1)
       then 'alter role %I login password %L' else 'create role %I login password %L' end, $1::text, $2::text) as statement`,
    [role, scramVerifier(login.password)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no statement for role ${role}`);
  await owner.query(row.statement);
  // For statements outside a transaction of ours: the database's own default may be a stricter one.
  await owner.query(`alter role ${role} set default_transaction_isolation = 'read committed'`);
}
