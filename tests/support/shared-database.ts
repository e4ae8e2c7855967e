import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { loginRoles } from '../../db/logins.js';
import { migrate } from '../../db/migrate.js';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { databaseUrl, forEachLogin, loginOf, TEMPLATE } from './database.js';

/** Starts the cluster, unless TEST_DATABASE_URL names one, and makes the migrated template; returns what stops it. */
export async function startSharedDatabase(): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startTemporaryPostgres() : undefined;
  const ownerUrl = given ?? server?.ownerUrl ?? '';
  process.env['TEST_DATABASE_URL'] = ownerUrl;
  await makeTemplate(ownerUrl);
  return async () => server?.stop();
}

async function startTemporaryPostgres() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-tests-'));
  // Nothing has to outlive the run, and every file brings several pools.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    autovacuum: 'off',
    jit: 'off',
    scram_iterations: '1',
    max_connections: '300',
  };
  const server = await startPostgres({ dataDir, settings });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ownerUrl: server.ownerUrl, stop };
}

async function makeTemplate(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`drop database if exists ${TEMPLATE}`);
    await owner.query(`create database ${TEMPLATE}`);
  } finally {
    await owner.end();
  }
  await migrate(databaseUrl(ownerUrl, TEMPLATE), forEachLogin(loginOf));
  await liftConnectionLimits(databaseUrl(ownerUrl, TEMPLATE));
}

/** All test files log in with the same roles. */
async function liftConnectionLimits(url: string): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    for (const role of loginRoles) await owner.query(`alter role ${role} connection limit -1`);
  } finally {
    await owner.end();
  }
}
