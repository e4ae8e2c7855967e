import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../e2e/running-system.js';
import { databaseVariable } from '../../platform/variables.js';
import { logins, services } from '../../schemas/services.js';
import { roleOf } from '../../core/choreography.js';
import { compiled } from '../support/programs.js';
import { freePort } from '../../platform/ports.js';
import { bareEnvironment, programNode } from '../support/program-node.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(programNode(), [compiled(program), ...args], {
    cwd: root,
    env: { ...bareEnvironment(), DATA_DIR: folder, ...env },
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended, output: () => output };
}

test.each([
  ['bin/worker', ['payment'], {}],
  ['bin/worker', ['payment'], { NODE_ENV: 'production' }],
  ['bin/api', [], {}],
] as const)('%s %s started alone refuses to run without addresses', async (program, args, env) => {
  const { ended, output } = start(program, args, env);
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(/^cannot start:/);
  expect(output()).toMatch(/DATABASE_URL_PAYMENT: missing, expected a URL/);
  expect(output()).toMatch(/TEMPORAL_ADDRESS: missing, expected host:port|DATABASE_URL_ORDER: missing/);
  expect(output()).not.toMatch(/ at .*\.js:\d+/);
});

test('all workers in one process refuse to run without addresses, each of which is named once', async () => {
  const { ended, output } = start('bin/worker', ['all'], {});
  expect(await ended).toEqual([1, null]);
  const named = output()
    .split('\n')
    .flatMap((line) => /^\w+(?=: missing)/.exec(line) ?? []);
  const urls = services.map((service) => databaseVariable(service));
  expect(named.toSorted()).toEqual([...urls, 'SMTP_URL', 'TEMPORAL_ADDRESS'].toSorted());
});

test('a service that there is not is refused, and those that there are are named', async () => {
  const { ended, output } = start('bin/worker', ['payment', 'shipping'], {});
  expect(await ended).toEqual([1, null]);
  expect(output()).toContain(`'shipping' is invalid`);
  expect(output()).toContain(`Allowed choices are ${services.join(', ')}, all.`);
});

test('a program that is asked for help tells what it does', async () => {
  const usageOf = async (name: string) => {
    const { ended, output } = start(`bin/${name}`, ['--help'], {});
    expect([await ended, output()]).toEqual([[0, null], expect.stringMatching(`^Usage: ${name} `)]);
  };
  await Promise.all(['api', 'worker', 'migrate'].map(usageOf));
});

test('simulate refuses options that would mean nothing together', async () => {
  const refuses = async (one: string, other: string) => {
    const { ended, output } = start('tools/simulate', [one, other], {});
    expect(await ended).toEqual([1, null]);
    expect(output()).toMatch(
      /^error: option '--(trace|defects).*' cannot be used with option '--(worlds|seed) <[ns]>'/,
    );
  };
  await Promise.all([refuses('--worlds=5', '--trace=1'), refuses('--defects', '--seed=5')]);
});

test('a demo says at once that nothing, or something else, answers where the API should be', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await writeFile(path.join(folder, 'connections.env'), `API_URL='${url}'\n`);
  const alone = start('tools/demo', [], {});
  expect(await alone.ended).toEqual([1, null]);
  expect(alone.output()).toBe(`nothing answers at ${url}; start it with npm start\n`);

  const other = createHttpServer((_, response) => response.end('<html>')).listen(port, '127.0.0.1');
  await once(other, 'listening');
  const astray = start('tools/demo', [], {});
  expect(await astray.ended).toEqual([1, null]);
  expect(astray.output()).toBe(
    `what answers at ${url} is not the API of this project; --api says where that is\n`,
  );
  other.close();
});

test('migrations without addresses refuse to run, and name each', async () => {
  const { ended, output } = start('bin/migrate', [], {});
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(/^cannot migrate:\nDATABASE_URL_ORDER: missing, expected a URL/);
  expect(output()).toMatch(/\nDATABASE_URL: missing, expected a URL/);
});

test('migrations without a database say what went wrong', async () => {
  const urlOf = async (user: string) => `postgres://${user}:secret@127.0.0.1:${await freePort()}/saga`;
  const urls = logins.map(async (login) => [databaseVariable(login), await urlOf(roleOf(login))]);
  const env = Object.fromEntries(await Promise.all(urls)) as NodeJS.ProcessEnv;
  const { ended, output } = start('bin/migrate', [], { ...env, DATABASE_URL: await urlOf('owner') });
  expect(await ended).toEqual([1, null]);
  expect(output()).toMatch(
    /^cannot migrate:\nconnect ECONNREFUSED 127\.0\.0\.1:\d+\n {2}check the address, and that the server runs\n$/,
  );
});

test('a worker without Temporal and database says so once each, keeps trying, and stops when asked', async () => {
  const [temporal, database] = [await startDeaf(), await startDeaf()];
  const { child, ended, output } = start('bin/worker', ['payment'], {
    TEMPORAL_ADDRESS: temporal.address,
    DATABASE_URL_PAYMENT: `postgres://payment_service:secret@${database.address}/saga`,
  });
  const times = (text: string) => output().split(text).length - 1;
  await until(() => times('cannot be reached') >= 2, 30_000);
  const [triedTemporal, triedDatabase] = [temporal.attempts(), database.attempts()];
  await until(
    () => temporal.attempts() > triedTemporal + 1 && database.attempts() > triedDatabase + 1,
    30_000,
  );
  expect(times('cannot be reached')).toBe(2);
  expect(times('secret')).toBe(0);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  for (const { server } of [temporal, database]) server.close();
});

/** A server that hangs up on everybody, and counts how often somebody has tried. */
async function startDeaf() {
  let attempts = 0;
  const server = createServer((socket) => {
    attempts++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, address: `127.0.0.1:${port}`, attempts: () => attempts };
}

test('a worker whose metrics address is taken says so, and works without', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const away = `127.0.0.1:${await freePort()}`;
  const { child, ended, output } = start('bin/worker', ['payment'], {
    TEMPORAL_ADDRESS: away,
    DATABASE_URL_PAYMENT: `postgres://payment_service:secret@${away}/saga`,
    METRICS_ADDRESS: `127.0.0.1:${(other.address() as AddressInfo).port}`,
  });
  await until(() => output().includes('Temporal cannot be reached'), 30_000);
  expect(output()).toContain('no metrics are served');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  other.close();
});
