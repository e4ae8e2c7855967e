import pg from 'pg';
import { z } from 'zod';
import { dataDirIn, requireDataDir } from '../platform/data-dir.js';
import { requireEmbeddedPostgres } from '../platform/embedded-postgres.js';
import {
  checkAll,
  ConfigurationError,
  fault,
  givenIn,
  parse,
  type Environment,
} from '../platform/environment.js';
import { lockInstance } from '../platform/instance-lock.js';
import { choosePort, requireHost } from '../platform/ports.js';
import { givenTemporalCli } from '../platform/temporal-binary.js';
import { namesTemporal, readTemporalConfig, type TemporalConfig } from '../platform/temporal-config.js';
import { databaseVariable, postgresUrl } from '../platform/variables.js';
import { logins, services, type Service } from '../schemas/services.js';
import { readWorkerConfig } from '../workers/config.js';
import { contradictionsOf, readApiConfig } from './config.js';

/** Where the system listens by default. */
const defaultPorts = {
  API_PORT: 3_000,
  POSTGRES_PORT: 54_329,
  TEMPORAL_PORT: 7_233,
  TEMPORAL_UI_PORT: 8_233,
  SMTP_PORT: 1_025,
} as const;

type PortName = keyof typeof defaultPorts;

export interface StartConfig {
  readonly dataDir: string;
  /** Of the API. */
  readonly host: string;
  /** Those of embedded parts that are not needed have their defaults. */
  readonly ports: Readonly<Record<PortName, number>>;
  /** The services that get a worker. */
  readonly present: readonly Service[];
  /** Of an embedded server, the address says nothing. */
  readonly temporal: TemporalConfig;
}

type Say = (line: string) => void;

/**
 * Checks all that `npm start` is told before anything starts, and throws a ConfigurationError that lists every fault. Says
 * which ports replace a default that is taken, and which waits contradict each other.
 */
export async function readStartConfig(
  env: Environment,
  without: readonly string[],
  say: Say,
): Promise<StartConfig> {
  const given = givenIn(env);
  const host = given['API_HOST'] ?? '127.0.0.1';
  const dataDir = dataDirIn(env);
  const complete = withEmbedded(given);
  const ports: Record<PortName, number> = { ...defaultPorts };
  const lines: string[] = [];
  const choose = async (name: PortName) => {
    const listenOn = name === 'API_PORT' ? host : '127.0.0.1';
    ports[name] = await choosePort(name, defaultPorts[name], env, (line) => lines.push(line), listenOn);
  };
  await checkAll(
    () => refuseProduction(given),
    () => refuseUnknown(without),
    ...services.map((service) => () => readWorkerConfig(service, complete)),
    () => readApiConfig(complete),
    () => requireFolder(dataDir),
    ...partsOf(given, dataDir),
    () => requireHost('API_HOST', host).then(() => choose('API_PORT')),
    ...portsNeeded(given).map((name) => () => choose(name)),
  );
  for (const line of [...lines, ...warningsAbout(complete)]) say(line);
  const present = services.filter((name) => !without.includes(name));
  return { dataDir, host, ports, present, temporal: readTemporal(given) };
}

function refuseProduction({ NODE_ENV }: Environment): void {
  if (NODE_ENV !== 'production') return;
  const expected = 'another value: npm start brings embedded parts, which are not for production';
  throw new ConfigurationError(fault('NODE_ENV', expected, NODE_ENV));
}

function refuseUnknown(without: readonly string[]): void {
  const unknown = without.filter((name) => !services.some((service) => service === name));
  if (unknown.length > 0)
    throw new ConfigurationError(fault('--without', `one of ${services.join(', ')}`, unknown.join(', ')));
}

function warningsAbout(complete: Environment): readonly string[] {
  const { orderWaits } = readApiConfig(complete);
  const { waits } = readWorkerConfig('payment', complete);
  return contradictionsOf({ ...orderWaits, ...waits });
}

/** Stands in for the addresses that only running parts have. */
function withEmbedded(given: Environment): Environment {
  const database = Object.fromEntries(
    logins.map((login) => [databaseVariable(login), 'postgres://embedded']),
  );
  const temporal = namesTemporal(given) ? {} : { TEMPORAL_ADDRESS: EMBEDDED_TEMPORAL };
  return { ...database, ...temporal, SMTP_URL: 'smtp://embedded', ...given };
}

const EMBEDDED_TEMPORAL = '127.0.0.1:7233';

async function requireFolder(dataDir: string): Promise<void> {
  await requireDataDir(dataDir);
  const unlock = await lockInstance(dataDir);
  await unlock();
}

/** What each part needs, whether it is embedded or given. */
function partsOf(given: Environment, dataDir: string): readonly (() => unknown)[] {
  const { DATABASE_URL } = given;
  return [
    DATABASE_URL === undefined ? () => requireEmbeddedPostgres(dataDir) : () => requireDatabase(given),
    () => readTemporal(given),
    () => namesTemporal(given) || givenTemporalCli(given),
  ];
}

async function requireDatabase(given: Environment): Promise<void> {
  const { DATABASE_URL } = parse(given, z.object({ DATABASE_URL: postgresUrl }));
  try {
    const client = new pg.Client({ connectionString: DATABASE_URL, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect().finally(() => client.end());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(fault('DATABASE_URL', 'a PostgreSQL that answers', message || String(code)));
  }
}

/** The embedded server takes neither TLS nor API keys. */
function readTemporal(given: Environment): TemporalConfig {
  if (namesTemporal(given)) return readTemporalConfig(given);
  const config = readTemporalConfig({ ...given, TEMPORAL_ADDRESS: EMBEDDED_TEMPORAL });
  if (config.connection.tls === false) return config;
  throw new ConfigurationError(
    'TEMPORAL_ADDRESS: missing, expected host:port where TEMPORAL_TLS or TEMPORAL_API_KEY is given',
  );
}

function portsNeeded(given: Environment): readonly PortName[] {
  return [
    ...(given['DATABASE_URL'] === undefined ? (['POSTGRES_PORT'] as const) : []),
    ...(namesTemporal(given) ? [] : (['TEMPORAL_PORT', 'TEMPORAL_UI_PORT'] as const)),
    ...(given['SMTP_URL'] === undefined ? (['SMTP_PORT'] as const) : []),
  ];
}
