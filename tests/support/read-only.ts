import type { TestDatabase } from './database.js';
import { until } from './until.js';

/**
 * Makes a test's database take no writes, as after a failover to a standby: open connections of the services end, new
 * ones are read-only.
 */
export async function makeReadOnly(db: TestDatabase): Promise<void> {
  await alterDatabase(db, 'set default_transaction_read_only = on');
  await db.owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename like '%\\_service'`,
  );
  await until(() => Promise.resolve(Object.values(db.pools).every(({ totalCount }) => totalCount === 0)));
}

/** The opposite, which open connections do not notice. */
export const makeWritable = (db: TestDatabase): Promise<void> =>
  alterDatabase(db, 'reset default_transaction_read_only');

async function alterDatabase({ owner }: TestDatabase, how: string): Promise<void> {
  await owner.query(
    `begin read write;
     do $$ begin execute format('alter database %I ${how}', current_database()); end $$;
     commit`,
  );
}
