import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../platform/embedded-postgres.js';

/** A PostgreSQL cluster that one test file has for itself, since roles and their limits are a cluster's. */
export interface OwnCluster {
  /** Logs in as the superuser, to the database `postgres`. */
  readonly superuserUrl: string;
  /** A URL of the same server. */
  urlOf(user: string, password: string, database: string): string;
  /** Runs one statement as a user of their own session. */
  run(url: string, statement: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startOwnCluster(settings: Readonly<Record<string, string>> = {}): Promise<OwnCluster> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-cluster-'));
  const server = await startPostgres({ dataDir, settings: { fsync: 'off', ...settings } });
  return {
    superuserUrl: server.ownerUrl,
    urlOf: (user, password, database) => {
      const parts = { username: user, password, pathname: `/${database}` };
      return Object.assign(new URL(server.ownerUrl), parts).href;
    },
    run: runOnce,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function runOnce(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
