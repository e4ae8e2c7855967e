import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '../../platform/embedded-postgres.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { startTemporal, type TemporalServer } from '../../platform/temporal-server.js';
import { services as sagaServices } from '../../schemas/services.js';
import { until } from '../e2e/running-system.js';
import { keepHistoriesAt } from '../support/kept-histories.js';
import { examplePasswords, isOneShot, readCompose, variablesIn, wordsOf } from './compose-file.js';
import { environmentOf, isHealthy, startContainer, type Places, type Started } from './containers.js';
import { buildImage } from './image.js';
import { freePorts } from '../../platform/ports.js';
import { programNode } from '../support/program-node.js';

const longRunning = ['mail-catcher', ...sagaServices.map((service) => `${service}-worker`), 'api'];

let folder: string;
let image: string;
let temporalCli: string;
let places: Places;
let api: string;
let services: ReturnType<typeof readCompose>['services'];
/** What everything stands on, in the order in which it has to be stopped. */
const servers: (EmbeddedPostgres | TemporalServer)[] = [];
let stopDatabase: () => Promise<void>;
const running = new Map<string, Started>();

const serviceOf = (name: string) => {
  const service = services[name];
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
};

/** Every container has a file system of its own. */
const placesOf = (name: string): Places => ({
  ...places,
  '/tmp/healthy': path.join(folder, `${name}-healthy`),
  'METRICS_ADDRESS=0.0.0.0:9464': places[`${name}:9464`] ?? '',
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-compose-'));
  image = path.join(folder, 'app');
  await mkdir(path.join(folder, 'mails'));
  temporalCli = await findTemporalCli(console.log);
  const ports = await freePorts(9);
  const [apiPort, smtpPort, listPort, temporalPort = 0, uiPort = 0, ...metricsPorts] = ports;
  const dbFile = path.join(folder, 'temporal.db');
  const temporal = await startTemporal({
    ...{ binary: temporalCli, dbFile, port: temporalPort, uiPort },
    searchAttributes: [],
  });
  servers.push(temporal);
  const postgres = await startPostgres({ dataDir: folder });
  servers.push(postgres);
  stopDatabase = () => postgres.stop();
  await createDatabase(postgres.ownerUrl);
  services = readCompose({
    ...examplePasswords,
    OWNER_DB_PASSWORD: new URL(postgres.ownerUrl).password,
    MIGRATE_OPTIONS: variablesIn('.env.compose.example').get('MIGRATE_OPTIONS') ?? '',
  }).services;
  api = `http://127.0.0.1:${apiPort}`;
  places = {
    'postgres:5432': `127.0.0.1:${postgres.port}`,
    'temporal:7233': temporal.address,
    'mail-catcher:1025': `127.0.0.1:${smtpPort}`,
    'mail-catcher:8025': `127.0.0.1:${listPort}`,
    ...Object.fromEntries(
      longRunning
        .filter((name) => name.endsWith('-worker'))
        .map((name, index) => [`${name}:9464`, `127.0.0.1:${metricsPorts[index] ?? 0}`]),
    ),
    '127.0.0.1:8025': `127.0.0.1:${listPort}`,
    '127.0.0.1:3000': `127.0.0.1:${apiPort}`,
    '0.0.0.0': '127.0.0.1',
    '/data': path.join(folder, 'mails'),
    'API_PORT=3000': String(apiPort),
    'SMTP_PORT=1025': String(smtpPort),
    'MAIL_CATCHER_PORT=8025': String(listPort),
  };
  await buildImage(image);
});

afterAll(async () => {
  await keepHistoriesAt(places['temporal:7233'] ?? '');
  await Promise.all([...running.values()].map(({ stop }) => stop()));
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function createDatabase(ownerUrl: string): Promise<void> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  await owner.query('create database order_saga');
  await owner.end();
}

/** A check starts a process, so there is a second between them. */
const untilHealthy = (name: string) =>
  vi.waitUntil(() => isHealthy(serviceOf(name), image, placesOf(name)), { timeout: 60_000, interval: 1_000 });

test('these are all programs of the project', () => {
  const ours = Object.entries(services).filter(([, { image: name }]) => name.startsWith('order-saga:'));
  expect(ours.map(([name]) => name).sort()).toEqual([...longRunning, 'migrations'].sort());
  expect(
    ours
      .filter(([, service]) => !isOneShot(service))
      .map(([name]) => name)
      .sort(),
  ).toEqual([...longRunning].sort());
});

test('the command of temporal-namespace sets the namespace up, and finds it set up', async () => {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  await symlink(temporalCli, path.join(bin, 'temporal'));
  const service = serviceOf('temporal-namespace');
  const env = {
    ...environmentOf(service, places),
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
  };
  const [shell = '', ...args] = wordsOf(service.command);
  const run = () => execFileSync(shell, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  expect(run()).toContain('Total: 0');
  expect(run()).toContain('Total: 0');
});

test('the migrations run to their end, with the demo data, and again', async () => {
  for (let time = 0; time < 2; time++) {
    const { ended, output } = startContainer(serviceOf('migrations'), image, placesOf('migrations'));
    expect({ ...(await ended), output: output() }).toEqual({
      code: 0,
      signal: null,
      output: 'The database has the newest schema and the demo data\n',
    });
  }
});

test('every program starts with the environment of its container, and becomes healthy', async () => {
  for (const name of longRunning) {
    expect([name, await isHealthy(serviceOf(name), image, placesOf(name))]).toEqual([name, false]);
    running.set(name, startContainer(serviceOf(name), image, placesOf(name)));
  }
  for (const name of longRunning)
    await untilHealthy(name).catch((error: unknown) => {
      throw new Error(`${name}: ${running.get(name)?.output() ?? ''}`, { cause: error });
    });
});

test('an order that is placed over HTTP is completed, and the customer is told', async () => {
  const answer = await fetch(`${api}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=30' },
    body: JSON.stringify({ customerId: 'alice', items: [{ sku: 'mouse', quantity: 1 }] }),
  });
  const order = (await answer.json()) as { orderId: string };
  expect(answer.status).toBe(201);
  expect(order).toMatchObject({ status: 'COMPLETED' });
  const mails = await fetch(`${api}/mails?orderId=${order.orderId}`);
  expect(await mails.json()).toMatchObject({ mails: [{ to: 'alice@shop.example' }] });
});

test('the page is there, with what it loads', async () => {
  const page = await (await fetch(`${api}/`)).text();
  const [, script] = /<script type="module"[^>]* src="([^"]+)"/.exec(page) ?? [];
  const loaded = await fetch(`${api}${script}`);
  expect(loaded.status).toBe(200);
  expect(loaded.headers.get('cache-control')).toContain('immutable');
});

test('a compiled program looks for an npm start where the project has its data', async () => {
  await mkdir(path.join(image, '.data'));
  await writeFile(path.join(image, '.data/connections.env'), `DATABASE_URL_PAYMENT='shared'\n`);
  const worker = ['dist/bin/worker.js', 'payment'];
  const { stderr } = spawnSync(programNode(), worker, { cwd: image, env: {}, encoding: 'utf8' });
  expect(stderr).toContain('\nDATABASE_URL_PAYMENT: expected a URL');
});

test('every program stops in time when it is asked to, and reports no error', async () => {
  for (const [name, { stop, output }] of running) {
    expect([name, await stop()]).toEqual([name, { code: 0, signal: null }]);
    expect(output()).not.toMatch(/"level":[56]0/);
    running.delete(name);
  }
});

test('a worker that cannot reach its database is not healthy, and stops when it is asked to', async () => {
  const service = serviceOf('payment-worker');
  const here = placesOf('payment-worker');
  const healthFile = here['/tmp/healthy'] ?? '';
  await rm(healthFile);
  const worker = startContainer(service, image, here);
  running.set('payment-worker', worker);
  await untilHealthy('payment-worker');
  await stopDatabase();
  await until(() => worker.output().includes('the database cannot be reached'), 20_000);
  await until(() => worker.output().includes('worker is not healthy'), 30_000);
  await rm(healthFile);
  expect(await isHealthy(service, image, here)).toBe(false);
  expect(await worker.stop()).toEqual({ code: 0, signal: null });
});
