import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { provideBundle } from '../../bin/workflow-bundle.js';
import { mailTag } from '../../bin/config.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { startMailCatcher, type MailCatcher } from '../../platform/mail-catcher.js';
import { freePort, freePorts } from '../../platform/ports.js';
import { withoutProxy } from '../../platform/loopback.js';
import { databaseVariable } from '../../platform/variables.js';
import { logins, type LoginName } from '../../schemas/services.js';
import { bundleBenchmark } from './bundle.js';
import { startBusinessDatabase, type BusinessDatabase } from './business-database.js';
import { findTemporal, type GivenTemporal, type TemporalParts } from './temporal.js';

/** What all contenders share. */
export interface Servers {
  readonly database: BusinessDatabase;
  readonly temporal: TemporalParts;
  readonly mails: MailCatcher;
  readonly client: Client;
  /** Of each login, for what the benchmark itself does in its name. */
  readonly pools: Readonly<Record<LoginName, Pool>>;
  readonly owner: Pool;
  /** Free ones, for what a contender listens on during its turns. */
  readonly ports: readonly number[];
  readonly dataDir: string;
  /** For the programs of contenders: where everything is. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface ServerOptions extends GivenTemporal {
  /** From one attempt to send a mail to the next, such as `1m`. */
  readonly mailRetryInterval: string;
  readonly say: (line: string) => void;
}

/** Starts a PostgreSQL for the business and a mail server, and Temporal where none is given. All data is temporary. */
export async function startServers(options: ServerOptions): Promise<Servers> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-bench-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const database = await startBusinessDatabase(dataDir);
    undo.push(() => database.stop());
    const mails = await startMailCatcher({ smtpPort: await freePort(), dataDir, tag: mailTag });
    undo.push(() => mails.stop());
    const temporal = await findTemporal(dataDir, options, options.say);
    undo.push(() => temporal.stop());
    const connection = await Connection.connect({ address: temporal.address, ...withoutProxy });
    undo.push(() => connection.close());
    const { pools, owner } = openPools(database);
    undo.push(() => Promise.all([owner, ...Object.values(pools)].map((pool) => pool.end())));
    const client = new Client({ connection });
    const env = { ...environment(database, temporal, mails, options), ...(await bundlesIn(dataDir)) };
    const ports = await freePorts(4);
    return { database, temporal, mails, client, pools, owner, ports, dataDir, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openPools({ ownerUrl, urls }: BusinessDatabase) {
  const open = (url: string) =>
    createPool({ url, applicationName: 'benchmark', maxConnections: 20, onError: () => undefined });
  const pools = Object.fromEntries(logins.map((login) => [login, open(urls[login])])) as Record<
    LoginName,
    Pool
  >;
  return { pools, owner: open(ownerUrl) };
}

const environment = (
  { urls }: BusinessDatabase,
  { address }: TemporalParts,
  { smtpUrl }: MailCatcher,
  { mailRetryInterval }: ServerOptions,
) => ({
  ...Object.fromEntries(logins.map((login) => [databaseVariable(login), urls[login]])),
  TEMPORAL_ADDRESS: address,
  SMTP_URL: smtpUrl,
  NOTIFICATION_RETRY_INTERVAL: mailRetryInterval,
  SAGA_DEADLINE: '1d',
  PAYMENT_WAIT: '1d',
});

/** Bundled once: what is measured begins when a worker is ready. */
async function bundlesIn(dataDir: string) {
  const file = path.join(dataDir, 'benchmark-workflows.js');
  await writeFile(file, await bundleBenchmark());
  return { WORKFLOW_BUNDLE: await provideBundle(), BENCHMARK_BUNDLE: file };
}
