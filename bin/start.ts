import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { seedDemoData } from '../db/demo-data.js';
import { loginsOf } from '../db/logins.js';
import { migrate } from '../db/migrate.js';
import { aligned } from '../platform/aligned.js';
import { shareConnections } from '../platform/connections.js';
import { startPostgres } from '../platform/embedded-postgres.js';
import { givenIn, type Environment } from '../platform/environment.js';
import { runProgram } from '../platform/failure.js';
import { hostAndPort, reachableHost } from '../platform/host-and-port.js';
import { lockInstance } from '../platform/instance-lock.js';
import { isOk } from '../platform/is-ok.js';
import { loopbackWithoutProxy } from '../platform/loopback.js';
import { freePort } from '../platform/ports.js';
import { addressOf, withLogin } from '../platform/postgres-url.js';
import { writePrivate } from '../platform/private-file.js';
import { shutdownSignal } from '../platform/shutdown.js';
import { supervise, superviseServer } from '../platform/supervisor.js';
import { findTemporalCli } from '../platform/temporal-binary.js';
import { namesTemporal } from '../platform/temporal-config.js';
import { startTemporal } from '../platform/temporal-server.js';
import { databaseVariable } from '../platform/variables.js';
import {
  ORDER_ID_ATTRIBUTE,
  ORDER_STATUS_ATTRIBUTE,
  logins,
  type LoginName,
  type Service,
} from '../schemas/services.js';
import { roleOf } from '../core/choreography.js';
import { buildDashboard } from '../tools/build/dashboard.js';
import { workerSchema } from '../workers/config.js';
import { apiSchema, mailCatcherSchema } from './config.js';
import { withOwnSecrets } from './own-secrets.js';
import { readStartConfig, type StartConfig } from './start-config.js';
import { provideBundle } from './workflow-bundle.js';

const collect = (name: string, names: readonly string[]) => [...names, name];

const program = new Command('start')
  .description('Starts the whole system: PostgreSQL, Temporal, a mail catcher, four workers and the API.')
  .option('--without <service>', 'leave out the worker of a service; can be repeated', collect, [])
  .option('--no-demo-data', 'start with an empty shop')
  .option('--faults', 'allow faults on demand: GET and PUT /faults/{service}')
  .option('--one-worker', 'run the workers of all services in one process')
  .option('--chaos', 'let workers deliver events badly: twice, late, overtaken, denied')
  .addHelpText('after', '\nWhat the environment names is used instead of an embedded part; see .env.example.')
  .parse();
const options = program.opts<{
  without: readonly string[];
  demoData: boolean;
  faults?: true;
  oneWorker?: true;
  chaos?: true;
}>();

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);
const isCompiled = extension === '.js';
const LOOPBACK = '127.0.0.1';
/** What Node needs to run another program of the project. */
const programAt = (name: string): readonly string[] => [
  ...(isCompiled ? [] : ['--import', 'tsx']),
  fileURLToPath(new URL(`../${name}${extension}`, import.meta.url)),
];
const say = (line: string) => console.log(line);
const shutdown = shutdownSignal();
shutdown.addEventListener('abort', () => say('Stopping ...'));

type Stop = () => unknown;
/** How to stop the API and the workers. */
const programs: Stop[] = [];
/** How to stop what they need: servers, and the file that shares their addresses. */
const foundations: Stop[] = [];

await runProgram('start', async () => {
  try {
    const config = await readStartConfig(process.env, options.without, say);
    foundations.push(await lockInstance(config.dataDir));
    await start(config);
    if (!shutdown.aborted) await new Promise((resolve) => shutdown.addEventListener('abort', resolve));
  } catch (error) {
    if (!shutdown.aborted) throw error;
  } finally {
    await stopAll();
  }
});

async function start(config: StartConfig): Promise<void> {
  const startedAt = Date.now();
  const given = givenIn(process.env);
  const parts = await prepare(config, given);
  if (shutdown.aborted) return;
  const env = environmentOf(config, given, parts);
  await startPrograms(config.present, env);
  const apiUrl = `http://${hostAndPort(reachableHost(config.host), config.ports.API_PORT)}`;
  const { ownerUrl: DATABASE_URL } = parts.database;
  foundations.push(await shareConnections(config.dataDir, { ...env, DATABASE_URL, API_URL: apiUrl }));
  await untilReady(`${apiUrl}/readyz`);
  if (shutdown.aborted) return;
  sayWhatIsOdd();
  say(`Ready after ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
  sayAddresses(apiUrl, {
    'Temporal Web UI': env.TEMPORAL_UI_URL,
    Mails: given['SMTP_URL'] === undefined ? `${apiUrl}/#/mails` : '(your own mail server)',
    PostgreSQL: addressOf(DATABASE_URL),
    Faults: env.ALLOW_FAULTS === 'true' ? `${apiUrl}/#/faults` : '(not allowed; npm start -- --faults)',
    Data: config.dataDir,
  });
}

/** Everything that the programs need, side by side. */
async function prepare(config: StartConfig, given: Environment) {
  // It may have to be fetched, which may fail: before anything runs.
  const temporalCli = namesTemporal(given) ? '' : await findTemporalCli(say, shutdown);
  const parts = [
    catchMails(config, given),
    prepareDatabase(config, given),
    prepareTemporal(config, temporalCli, given),
    provideWorkflows(given),
    provideDashboard(),
  ] as const;
  // When one fails, the others must settle before anything is stopped.
  await Promise.allSettled(parts);
  const [mail, database, temporal, WORKFLOW_BUNDLE] = await Promise.all(parts);
  return { mail, database, temporal, WORKFLOW_BUNDLE };
}

/** What every program is given. */
function environmentOf(
  { ports }: StartConfig,
  given: Environment,
  { mail, database, temporal, WORKFLOW_BUNDLE }: Awaited<ReturnType<typeof prepare>>,
) {
  return {
    ...process.env,
    ...loopbackWithoutProxy(process.env),
    ...database.env,
    ...temporal,
    ...mail,
    WORKFLOW_BUNDLE,
    API_PORT: String(ports.API_PORT),
    ALLOW_FAULTS: options.faults ? 'true' : given['ALLOW_FAULTS'],
    LOG_LEVEL: given['LOG_LEVEL'] ?? 'warn',
  };
}

function sayWhatIsOdd(): void {
  for (const service of new Set(options.without))
    say(`Without the ${service} worker; npm run worker -- ${service} adds it`);
  if (options.chaos) say('Chaos: the workers deliver events twice, late, overtaken, or deny it');
}

async function startPrograms(present: readonly Service[], env: NodeJS.ProcessEnv): Promise<void> {
  const worker = programAt(options.chaos ? 'tools/chaos-worker' : 'bin/worker');
  const metricsUrls: string[] = [];
  for (const [name, hosted] of workerProcesses(present)) {
    const METRICS_ADDRESS = `${LOOPBACK}:${await freePort()}`;
    const own = withOwnSecrets({ ...env, METRICS_ADDRESS }, ...hosted.map(workerSchema));
    superviseProgram(`${name} worker`, [...worker, ...hosted], own, programs);
    metricsUrls.push(`${name}=http://${METRICS_ADDRESS}/metrics`);
  }
  const WORKER_METRICS_URLS = metricsUrls.join(',');
  superviseProgram(
    'API',
    programAt('bin/api'),
    withOwnSecrets({ ...env, WORKER_METRICS_URLS }, apiSchema),
    programs,
  );
}

/** The services whose workers share a process, by its name. */
function workerProcesses(present: readonly Service[]): readonly (readonly [string, readonly Service[]])[] {
  if (!options.oneWorker) return present.map((service) => [service, [service]]);
  return present.length === 0 ? [] : [['shared', present]];
}

function sayAddresses(apiUrl: string, others: Readonly<Record<string, string>>): void {
  say(`\n${aligned({ 'Dashboard and API': apiUrl, ...others })}\n`);
  say(`Try:\n  curl -s ${apiUrl}/orders -H 'content-type: application/json' -H 'prefer: wait=10' \\`);
  say(`    -d '{"customerId":"alice","items":[{"sku":"mouse","quantity":1}]}'\nCtrl-C stops everything.`);
}

/** Resolves once mails are caught: the first order may be quick. */
async function catchMails({ dataDir, ports }: StartConfig, given: Environment) {
  if (given['SMTP_URL'] !== undefined) return {};
  const listPort = await freePort();
  const [SMTP_PORT, MAIL_CATCHER_PORT] = [String(ports.SMTP_PORT), String(listPort)];
  const LOG_LEVEL = given['LOG_LEVEL'] ?? 'warn';
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    SMTP_PORT,
    MAIL_CATCHER_PORT,
    MAIL_CATCHER_HOST: LOOPBACK,
    LOG_LEVEL,
  };
  const own = withOwnSecrets(env, mailCatcherSchema);
  superviseProgram('Mail catcher', programAt('bin/mail-catcher'), own, foundations);
  const listUrl = `http://${LOOPBACK}:${listPort}/`;
  await untilReady(listUrl);
  return { SMTP_URL: `smtp://${LOOPBACK}:${SMTP_PORT}`, MAIL_CATCHER_URL: listUrl };
}

/** Migrates as the owner, and gives each login a random password of its own, stored under DATA_DIR. */
async function prepareDatabase({ dataDir, ports }: StartConfig, given: Environment) {
  const ownerUrl = given['DATABASE_URL'] ?? (await embeddedDatabase(dataDir, ports.POSTGRES_PORT));
  shutdown.throwIfAborted();
  const passwords = await keptPasswords(dataDir);
  const urlOf = (login: LoginName) =>
    given[databaseVariable(login)] ?? withLogin(ownerUrl, roleOf(login), passwords[login] ?? '');
  const urls = Object.fromEntries(logins.map((login) => [login, urlOf(login)]));
  for (const line of await migrate(ownerUrl, loginsOf(urls))) say(line);
  if (options.demoData) await seedDemoData(ownerUrl);
  say('PostgreSQL is ready');
  const env = Object.fromEntries(logins.map((login) => [databaseVariable(login), urls[login] ?? '']));
  return { env, ownerUrl };
}

async function embeddedDatabase(dataDir: string, port: number): Promise<string> {
  const postgres = await superviseServer('PostgreSQL', () => startPostgres({ dataDir, port }), say);
  foundations.push(() => postgres.stop());
  return postgres.first.ownerUrl;
}

/** Passwords never change; a login that is new since the last version gets one. */
async function keptPasswords(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const file = path.join(dataDir, 'service-passwords.json');
  const kept = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, string>) : {};
  const fresh = Object.fromEntries(logins.map((login) => [login, randomBytes(18).toString('base64url')]));
  const passwords = { ...fresh, ...kept };
  await writePrivate(file, JSON.stringify(passwords));
  return passwords;
}

async function prepareTemporal(config: StartConfig, binary: string, given: Environment) {
  const { dataDir, ports } = config;
  const uiUrl = given['TEMPORAL_UI_URL'];
  if (namesTemporal(given)) return { TEMPORAL_UI_URL: uiUrl ?? `http://${LOOPBACK}:8233` };
  const settings = {
    binary,
    dbFile: path.join(dataDir, 'temporal.db'),
    port: ports.TEMPORAL_PORT,
    uiPort: ports.TEMPORAL_UI_PORT,
    namespace: config.temporal.namespace,
    searchAttributes: [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE],
  };
  const server = await superviseServer('Temporal', () => startTemporal(settings), say);
  foundations.push(() => server.stop());
  say('Temporal is ready');
  return {
    TEMPORAL_ADDRESS: server.first.address,
    TEMPORAL_UI_URL: `http://${LOOPBACK}:${ports.TEMPORAL_UI_PORT}`,
  };
}

async function provideWorkflows(given: Environment): Promise<string> {
  return given['WORKFLOW_BUNDLE'] ?? provideBundle();
}

/** Compiled code comes with a dashboard. */
async function provideDashboard(): Promise<void> {
  if (!isCompiled) await buildDashboard(say);
}

function superviseProgram(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stops: Stop[],
): void {
  const supervised = supervise({ name, command: process.execPath, args, env }, say);
  stops.push(() => supervised.stop());
}

async function untilReady(url: string): Promise<void> {
  const patience = setTimeout(() => say(`Still waiting for ${url}, which says why; Ctrl-C stops`), 20_000);
  while (!shutdown.aborted && !(await isOk(url))) await sleep(100);
  clearTimeout(patience);
}

/** First the programs, which finish the tasks in hand, then what they need, in reverse order of its start. */
async function stopAll(): Promise<void> {
  await Promise.all(programs.map((stop) => stop()));
  for (const stop of foundations.reverse()) await stop();
}
