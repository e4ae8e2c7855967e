import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { seedDemoData } from '../db/demo-data.js';
import { loginsOf } from '../db/logins.js';
import { migrate } from '../db/migrate.js';
import { aligned } from '../platform/aligned.js';
import { shareConnections } from '../platform/connections.js';
import { dataDirIn } from '../platform/data-dir.js';
import { startPostgres } from '../platform/embedded-postgres.js';
import { ConfigurationError, givenIn, type Environment } from '../platform/environment.js';
import { hostAndPort, reachableHost } from '../platform/host-and-port.js';
import { lockInstance } from '../platform/instance-lock.js';
import { isOk } from '../platform/is-ok.js';
import { loopbackWithoutProxy } from '../platform/loopback.js';
import { startMailCatcher } from '../platform/mail-catcher.js';
import { choosePort, freePort } from '../platform/ports.js';
import { addressOf, withLogin } from '../platform/postgres-url.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { supervise, superviseServer } from '../platform/supervisor.js';
import { findTemporalCli } from '../platform/temporal-binary.js';
import { namesTemporal, readTemporalConfig, type TemporalConfig } from '../platform/temporal-config.js';
import { startTemporal } from '../platform/temporal-server.js';
import { databaseVariable } from '../platform/variables.js';
import {
  ORDER_ID_ATTRIBUTE,
  ORDER_STATUS_ATTRIBUTE,
  logins,
  services,
  type LoginName,
  type Service,
} from '../schemas/services.js';
import { roleOf } from '../core/choreography.js';
import { buildDashboard } from '../tools/build/dashboard.js';
import { readWorkerConfig } from '../workers/config.js';
import { mailTag, readApiConfig } from './config.js';
import { provideBundle } from './workflow-bundle.js';

const collect = (name: string, names: readonly string[]) => [...names, name];

const program = new Command('start')
  .description('Starts the whole system: PostgreSQL, Temporal, a mail catcher, four workers and the API.')
  .option('--without <service>', 'leave out the worker of a service; can be repeated', collect, [])
  .option('--no-demo-data', 'start with an empty shop')
  .option('--faults', 'allow faults on demand: GET and PUT /faults/{service}')
  .option('--chaos', 'let workers deliver events badly: twice, late, overtaken, denied')
  .addHelpText('after', '\nWhat the environment names is used instead of an embedded part; see .env.example.')
  .parse();
const options = program.opts<{
  without: readonly string[];
  demoData: boolean;
  faults?: true;
  chaos?: true;
}>();

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);
const isCompiled = extension === '.js';
/** What Node needs to run another program of the project. */
const programAt = (name: string): readonly string[] => [
  ...(isCompiled ? [] : ['--import', 'tsx']),
  fileURLToPath(new URL(`../${name}${extension}`, import.meta.url)),
];
/** The environment without its empty variables, which count as missing. */
const given = givenIn(process.env);
const dataDir = dataDirIn(process.env);
const say = (line: string) => console.log(line);
const shutdown = shutdownSignal();

type Stop = () => Promise<void>;
/** How to stop the API and the workers. */
const programs: Stop[] = [];
/** How to stop what they need: servers, and the file that shares their addresses. */
const foundations: Stop[] = [];

try {
  if (process.env['NODE_ENV'] === 'production')
    throw new ConfigurationError('NODE_ENV: npm start brings embedded parts, which are not for production');
  const unknown = options.without.filter((name) => !services.some((service) => service === name));
  if (unknown.length > 0)
    throw new ConfigurationError(`--without: unknown ${unknown.join(', ')}; expected ${services.join(', ')}`);
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockInstance(dataDir);
  try {
    await start();
    if (!shutdown.aborted) await new Promise((resolve) => shutdown.addEventListener('abort', resolve));
  } finally {
    await stopAll();
    await unlock();
  }
} catch (error) {
  if (!shutdown.aborted) {
    console.error(error instanceof ConfigurationError ? `cannot start:\n${error.message}` : error);
    process.exitCode = 1;
  }
}

async function start(): Promise<void> {
  const startedAt = Date.now();
  const temporalConfig = readTemporal();
  const mail = process.env['SMTP_URL'] === undefined ? await catchMails() : {};
  const parts = [
    prepareDatabase(),
    prepareTemporal(temporalConfig),
    provideWorkflows(),
    provideDashboard(),
  ] as const;
  // When one fails, the others must settle before anything is stopped.
  await Promise.allSettled(parts);
  const [databases, temporal, bundle] = await Promise.all(parts);
  const apiHost = given['API_HOST'] ?? '127.0.0.1';
  const apiPort = await choosePort('API_PORT', 3_000, process.env, say, apiHost);
  const ALLOW_FAULTS = options.faults ? 'true' : process.env['ALLOW_FAULTS'];
  const env = {
    ...process.env,
    ...loopbackWithoutProxy(process.env),
    ...databases.env,
    ...temporal,
    ...mail,
    WORKFLOW_BUNDLE: bundle,
    API_PORT: String(apiPort),
    ALLOW_FAULTS,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
  };
  if (shutdown.aborted) return;
  const present = services.filter((name) => !options.without.includes(name));
  checkPrograms(present, env);
  const worker = programAt(options.chaos ? 'tools/chaos-worker' : 'bin/worker');
  const metricsUrls: string[] = [];
  for (const service of present) {
    const METRICS_ADDRESS = `127.0.0.1:${await freePort()}`;
    superviseProgram(`${service} worker`, [...worker, service], { ...env, METRICS_ADDRESS });
    metricsUrls.push(`${service}=http://${METRICS_ADDRESS}/metrics`);
  }
  superviseProgram('API', programAt('bin/api'), { ...env, WORKER_METRICS_URLS: metricsUrls.join(',') });
  const apiUrl = `http://${hostAndPort(reachableHost(apiHost), apiPort)}`;
  const unshare = await shareConnections(dataDir, {
    ...env,
    DATABASE_URL: databases.ownerUrl,
    API_URL: apiUrl,
  });
  foundations.push(unshare);
  await untilReady(`${apiUrl}/readyz`);
  for (const service of new Set(options.without))
    say(`Without the ${service} worker; npm run worker -- ${service} adds it`);
  if (options.chaos) say('Chaos: the workers deliver events twice, late, overtaken, or deny it');
  say(`Ready after ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
  const addresses = {
    'Dashboard and API': apiUrl,
    'Temporal Web UI': temporal.TEMPORAL_UI_URL,
    Mails: 'MAIL_CATCHER_URL' in mail ? `${apiUrl}/#/mails` : '(your own mail server)',
    PostgreSQL: databases.shown,
    Faults: ALLOW_FAULTS === 'true' ? `${apiUrl}/#/faults` : '(not allowed; npm start -- --faults)',
    Data: dataDir,
  };
  say(`\n${aligned(addresses)}\n`);
  say(`Try:\n  curl -s ${apiUrl}/orders -H 'content-type: application/json' -H 'prefer: wait=10' \\`);
  say(`    -d '{"customerId":"alice","items":[{"sku":"mouse","quantity":1}]}'\nCtrl-C stops everything.`);
}

/** Fails here on a wrong value; the supervisor would restart the program over and over. */
function checkPrograms(present: readonly Service[], env: Environment): void {
  for (const service of present) readWorkerConfig(service, env);
  readApiConfig(env);
}

async function catchMails() {
  const smtpPort = await choosePort('SMTP_PORT', 1_025, process.env, say);
  const catcher = await startMailCatcher({ smtpPort, dataDir, tag: mailTag });
  foundations.push(() => catcher.stop());
  return { SMTP_URL: catcher.smtpUrl, MAIL_CATCHER_URL: catcher.listUrl };
}

/** Migrates as the owner, and gives each login a random password of its own, stored under DATA_DIR. */
async function prepareDatabase() {
  const ownerUrl = process.env['DATABASE_URL'] ?? (await embeddedDatabase());
  const passwords = await keptPasswords();
  const urls = Object.fromEntries(logins.map((login) => [login, loginUrl(login, ownerUrl, passwords)]));
  for (const line of await migrate(ownerUrl, loginsOf(urls))) say(line);
  if (options.demoData) await seedDemoData(ownerUrl);
  say('PostgreSQL is ready');
  const env = Object.fromEntries(logins.map((login) => [databaseVariable(login), urls[login] ?? '']));
  return { env, ownerUrl, shown: addressOf(ownerUrl) };
}

async function embeddedDatabase(): Promise<string> {
  const port = await choosePort('POSTGRES_PORT', 54_329, process.env, say);
  const postgres = await superviseServer('PostgreSQL', () => startPostgres({ dataDir, port }), say);
  foundations.push(() => postgres.stop());
  return postgres.first.ownerUrl;
}

function loginUrl(login: LoginName, ownerUrl: string, passwords: Readonly<Record<string, string>>): string {
  const given = process.env[databaseVariable(login)];
  if (given !== undefined) return given;
  return withLogin(ownerUrl, roleOf(login), passwords[login] ?? '');
}

/** Passwords never change; a login that is new since the last version gets one. */
async function keptPasswords(): Promise<Readonly<Record<string, string>>> {
  const file = path.join(dataDir, 'service-passwords.json');
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, string>) : {};
  const fresh = Object.fromEntries(logins.map((login) => [login, randomBytes(18).toString('base64url')]));
  const passwords = { ...fresh, ...kept };
  await writeFile(`${file}.new`, JSON.stringify(passwords), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return passwords;
}

async function prepareTemporal({ namespace }: TemporalConfig) {
  const { TEMPORAL_UI_URL = 'http://127.0.0.1:8233' } = process.env;
  if (namesTemporal(process.env)) return { TEMPORAL_UI_URL };
  const port = await choosePort('TEMPORAL_PORT', 7_233, process.env, say);
  const uiPort = await choosePort('TEMPORAL_UI_PORT', 8_233, process.env, say);
  const settings = {
    binary: await findTemporalCli(say),
    dbFile: path.join(dataDir, 'temporal.db'),
    port,
    uiPort,
    namespace,
    searchAttributes: [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE],
  };
  const server = await superviseServer('Temporal', () => startTemporal(settings), say);
  foundations.push(() => server.stop());
  say('Temporal is ready');
  return { TEMPORAL_ADDRESS: server.first.address, TEMPORAL_UI_URL: `http://127.0.0.1:${uiPort}` };
}

/** Fails on a wrong value before a server is started; the embedded one takes neither TLS nor API keys. */
function readTemporal(): TemporalConfig {
  if (namesTemporal(process.env)) return readTemporalConfig(process.env);
  const config = readTemporalConfig({ ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:7233' });
  if (config.connection.tls === false) return config;
  throw new ConfigurationError(
    'TEMPORAL_ADDRESS: missing, expected host:port where TEMPORAL_TLS or TEMPORAL_API_KEY is given',
  );
}

async function provideWorkflows(): Promise<string> {
  return given['WORKFLOW_BUNDLE'] ?? provideBundle();
}

/** Compiled code comes with a dashboard. */
async function provideDashboard(): Promise<void> {
  if (!isCompiled) await buildDashboard(say);
}

function superviseProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const supervised = supervise({ name, command: process.execPath, args, env }, (line) => say(line));
  programs.push(() => supervised.stop());
}

async function untilReady(url: string): Promise<void> {
  while (!shutdown.aborted) {
    if (await isOk(url)) return;
    await sleep(100);
  }
}

/** First the programs, which finish the tasks in hand, then what they need, in reverse order of its start. */
async function stopAll(): Promise<void> {
  if (foundations.length > 0) say('Stopping ...');
  await Promise.all(programs.map((stop) => stop()));
  for (const stop of foundations.reverse()) await stop();
}
