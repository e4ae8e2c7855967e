import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { writePublishers } from '../core/postgres/publishers.js';
import { choreography } from '../schemas/catalogue.js';
import { logins, type LoginName } from '../schemas/services.js';
import { shareSessions } from '../core/postgres/shared-sessions.js';
import { rebaseRestoredFeed } from './feed/rebase.js';
import { loginRoles, provideLogin, requireClusterOfOurs, type Login } from './logins.js';
import { OWNER, provideOwner } from './owner.js';
import { restrictPublic } from './public-access.js';

/**
 * Brings a database to the newest schema; nothing happens when it is there already, and several at once wait for each
 * other. `url` logs in as the database's owner, who may create roles; a superuser is not needed. The roles come first:
 * an owner without login, and the logins. Returns a line for each thing that the public may still do because it is not
 * the owner's to forbid.
 */
export async function migrate(
  url: string,
  given: Readonly<Record<LoginName, Login>>,
): Promise<readonly string[]> {
  const db = new pg.Client({ connectionString: url, application_name: 'migrations' });
  await db.connect();
  try {
    await requireSession(db, url);
    await db.query(`set default_transaction_isolation = 'read committed'`);
    await db.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    await provideRoles(db, given);
    const left = await restrictPublic(db);
    await migrateSchema(db);
    return left;
  } finally {
    // Which gives the lock back.
    await db.end();
  }
}

/** The lock belongs to a session, and a pooler in transaction mode would leave it to somebody else. */
async function requireSession(db: pg.Client, url: string): Promise<void> {
  const other = new pg.Client({ connectionString: url, application_name: 'migrations' });
  await other.connect();
  try {
    if (await shareSessions(db, other))
      throw new Error(
        'DATABASE_URL: expected PostgreSQL itself or a pooler in session mode, found one in transaction mode',
      );
  } finally {
    await other.end();
  }
}

/** All of them or none: on an error the caller ends the connection. */
async function provideRoles(db: pg.Client, given: Readonly<Record<LoginName, Login>>): Promise<void> {
  await requireClusterOfOurs(db);
  await db.query('begin');
  for (const name of logins) await provideLogin(db, name, given[name]);
  await provideOwner(db, loginRoles);
  await db.query('commit');
}

/** The part of `migrate` that is the database's own; the roles are there. */
export async function migrateSchema(db: pg.Client): Promise<void> {
  await db.query(`set role ${OWNER}`);
  await runner({
    dbClient: db,
    dir: fileURLToPath(new URL('./migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'migrations',
    singleTransaction: true,
    log: () => undefined,
  });
  await db.query('reset role');
  await writePublishers(db, choreography);
  await rebaseRestoredFeed(db);
}
