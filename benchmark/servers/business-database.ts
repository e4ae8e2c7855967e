import { randomBytes } from 'node:crypto';
import { roleOf } from '../../core/choreography.js';
import { loginsOf } from '../../db/logins.js';
import { migrate } from '../../db/migrate.js';
import { startPostgres, type EmbeddedPostgres } from '../../platform/embedded-postgres.js';
import { withLogin } from '../../platform/postgres-url.js';
import { logins, type LoginName } from '../../schemas/services.js';

/** PostgreSQL with the product's schema. Like any that is to keep its data: fsync and synchronous_commit are on. */
export interface BusinessDatabase extends EmbeddedPostgres {
  readonly urls: Readonly<Record<LoginName, string>>;
}

export async function startBusinessDatabase(dataDir: string): Promise<BusinessDatabase> {
  const postgres = await startPostgres({ dataDir });
  try {
    const urlOf = (login: LoginName) =>
      withLogin(postgres.ownerUrl, roleOf(login), randomBytes(18).toString('base64url'));
    const urls = Object.fromEntries(logins.map((login) => [login, urlOf(login)])) as Record<
      LoginName,
      string
    >;
    await migrate(postgres.ownerUrl, loginsOf(urls));
    return { ...postgres, urls };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
