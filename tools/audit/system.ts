import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { withConnections } from '../../platform/connections.js';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { ConfigurationError, givenIn, type Environment } from '../../platform/environment.js';
import { lockInstance } from '../../platform/instance-lock.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { namesTemporal, readTemporalConfig, type TemporalConfig } from '../../platform/temporal-config.js';
import { startTemporal } from '../../platform/temporal-server.js';
import { auditDatabase, auditTemporal, databaseTime, lastSignOfLife, type Finding } from './findings.js';
import { auditRules } from './rules.js';
import { withoutProxy } from '../../platform/loopback.js';
import { freePort } from '../../platform/ports.js';

/** A system to audit: a running one, or the data of a stopped one, opened for the audit alone. */
export interface AuditedSystem {
  readonly databaseUrl: string;
  /** If missing, only the database is audited. */
  readonly temporal?: TemporalConfig;
  readonly isStopped: boolean;
  close(): Promise<void>;
}

export interface AuditReport {
  readonly orders: number;
  readonly rules: number;
  readonly findings: readonly Finding[];
}

/**
 * Finds the system that the environment names, or the `npm start` that runs on `dataDir`; otherwise opens the data that
 * one has left there, without workers. Throws a ConfigurationError if there is nothing to audit.
 */
export async function openSystem(env: NodeJS.ProcessEnv, dataDir: string): Promise<AuditedSystem> {
  const running = findRunning(env, dataDir);
  if (running) return running;
  if (!existsSync(path.join(dataDir, 'postgres')))
    throw new ConfigurationError(
      `DATABASE_URL: missing, expected the URL of the owner, or data of an npm start in ${dataDir}`,
    );
  return openStopped(env, dataDir);
}

/** The system that the environment names, or the `npm start` that runs on `dataDir`. */
export function findRunning(env: NodeJS.ProcessEnv, dataDir: string): AuditedSystem | undefined {
  const known = withConnections(env, dataDir);
  const databaseUrl = known['DATABASE_URL'];
  if (databaseUrl === undefined) return undefined;
  return { databaseUrl, isStopped: false, close: noop, ...temporalIn(known) };
}

/** Audits until nothing is found, for at most `wait` seconds: services may need time to come to rest. */
export async function auditUntilClean(
  system: AuditedSystem,
  { grace, wait }: { readonly grace: number; readonly wait: number },
): Promise<AuditReport> {
  const deadline = Date.now() + wait * 1_000;
  for (;;) {
    const report = await audit(system, grace);
    if (report.findings.length === 0 || Date.now() > deadline) return report;
    await sleep(500);
  }
}

/** Those of the orders that this system does not have: they were placed in another one. */
export async function ordersNotIn(
  { databaseUrl }: AuditedSystem,
  orderIds: readonly string[],
): Promise<readonly string[]> {
  return withDatabase(databaseUrl, async (db) => {
    const { rows } = await db.query<{ order_id: string }>(
      'select order_id from unnest($1::uuid[]) as order_id except select order_id from orders.orders',
      [orderIds],
    );
    return rows.map(({ order_id }) => order_id);
  });
}

/** The services' `grace` seconds to catch up count back from now, or in a stopped system from its last write. */
function audit(system: AuditedSystem, grace: number): Promise<AuditReport> {
  return withDatabase(system.databaseUrl, async (db) => {
    const asOf = (system.isStopped ? await lastSignOfLife(db) : undefined) ?? (await databaseTime(db));
    const due = new Date(asOf.getTime() - grace * 1_000);
    const { rows } = await db.query<{ orders: number }>('select count(*)::int as orders from orders.orders');
    const findings = [...(await auditDatabase(db, due)), ...(await auditWorkflows(system, db, due))];
    return { orders: rows[0]?.orders ?? 0, rules: auditRules.length, findings };
  });
}

async function withDatabase<Result>(url: string, use: (db: pg.Client) => Promise<Result>): Promise<Result> {
  const db = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await db.connect();
  try {
    return await use(db);
  } finally {
    await db.end();
  }
}

async function auditWorkflows(
  { temporal }: AuditedSystem,
  db: pg.Client,
  due: Date,
): Promise<readonly Finding[]> {
  if (!temporal) return [];
  const connection = await connectTo(temporal);
  try {
    return await auditTemporal(new Client({ connection, namespace: temporal.namespace }), db, due);
  } finally {
    await connection.close();
  }
}

async function connectTo({ connection: options }: TemporalConfig): Promise<Connection> {
  try {
    return await Connection.connect({ ...options, connectTimeout: 5_000 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Temporal cannot be reached at ${options.address}: ${reason}`, { cause: error });
  }
}

const temporalIn = (env: Environment) => (namesTemporal(env) ? { temporal: readTemporalConfig(env) } : {});

async function openStopped(env: Environment, dataDir: string): Promise<AuditedSystem> {
  const unlock = await lockInstance(dataDir);
  const opened = [unlock];
  const close = async () => {
    for (const undo of opened.reverse()) await undo();
  };
  try {
    const postgres = await startPostgres({ dataDir });
    opened.push(() => postgres.stop());
    const { TEMPORAL_NAMESPACE: namespace = 'default' } = givenIn(env);
    const server = await startTemporal({
      binary: await findTemporalCli(() => undefined),
      dbFile: path.join(dataDir, 'temporal.db'),
      port: await freePort(),
      uiPort: await freePort(),
      namespace,
      searchAttributes: [],
    });
    opened.push(() => server.stop());
    const temporal = { namespace, connection: { address: server.address, tls: false, ...withoutProxy } };
    return { databaseUrl: postgres.ownerUrl, temporal, isStopped: true, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const noop = (): Promise<void> => Promise.resolve();
