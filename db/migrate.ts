import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { roleOf, services, type Service } from '../schemas/services.js';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Brings a database to the newest schema, as its owner; nothing happens when it is there already.
 * The four service roles exist in the whole cluster and are created first, each with the login that its
 * `DATABASE_URL_<SERVICE>` names. The user must be the service's role, since grants and the journal go by it.
 */
export async function migrate(ownerUrl: string, logins: Readonly<Record<Service, Login>>): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'migrations' });
  await owner.connect();
  try {
    for (const service of services) await provideLogin(owner, service, logins[service]);
    await runner({
      dbClient: owner,
      dir: fileURLToPath(new URL('./migrations', import.meta.url)),
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: true,
      log: () => undefined,
    });
  } finally {
    await owner.end();
  }
}

async function provideLogin(owner: pg.Client, service: Service, login: Login): Promise<void> {
  const role = roleOf(service);
  if (login.user !== role)
    throw new Error(`the database user of ${service} must be ${role}, not ${login.user}`);
  const { rows } = await owner.query<{ statement: string }>(
    `select format(case when exists (select from pg_roles where rolname = $1)
       then 'alter role %I login password %L' else 'create role %I login password %L' end, $1::text, $2::text) as statement`,
    [role, login.password],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no statement for role ${role}`);
  await owner.query(row.statement);
}
