import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { writePublishers } from '../core/postgres/publishers.js';
import { choreography } from '../schemas/catalogue.js';
import { logins, type LoginName } from '../schemas/services.js';
import { rebaseRestoredFeed } from './feed/rebase.js';
import { loginRoles, provideLogin, requireClusterOfOurs, type Login } from './logins.js';
import { OWNER, provideOwner } from './owner.js';
import { restrictPublic } from './public-access.js';

/**
 * Brings a database to the newest schema; nothing happens when it is there already. `url` logs in as the database's
 * owner, who may create roles; a superuser is not needed. The roles come first: an owner without login, and the logins.
 * Returns a line for each thing that the public may still do because it is not the owner's to forbid.
 */
export async function migrate(
  url: string,
  given: Readonly<Record<LoginName, Login>>,
): Promise<readonly string[]> {
  const db = new pg.Client({ connectionString: url, application_name: 'migrations' });
  await db.connect();
  try {
    await provideRoles(db, given);
    const left = await restrictPublic(db);
    await migrateSchema(db);
    return left;
  } finally {
    await db.end();
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
