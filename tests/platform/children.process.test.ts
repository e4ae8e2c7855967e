import { spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../platform/child.js';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { supervise, superviseServer } from '../../platform/supervisor.js';
import { until } from '../e2e/running-system.js';
import { freePort } from '../../platform/ports.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A program that writes its pid into a file and then lives on. */
const program = (file: string, andThen = 'setInterval(() => undefined, 1000)') =>
  `require('node:fs').appendFileSync(${JSON.stringify(file)}, process.pid + '\\n'); ${andThen}`;

const pidsIn = async (file: string) =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);

test('a child that is asked to stop ends by its signal, and one that does not is killed', async () => {
  const file = path.join(folder, 'pids');
  const deaf = program(file, "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)");
  const child = startChild({ command: process.execPath, args: ['-e', deaf], graceSeconds: 1 });
  await until(async () => (await pidsIn(file)).length === 1, 10_000);
  await child.stop();
  const [pid] = await pidsIn(file);
  expect(isAlive(Number(pid))).toBe(false);
});

test('a child ends although its parent was killed', async () => {
  const file = path.join(folder, 'pids');
  const module = new URL('../../platform/child.ts', import.meta.url).href;
  const script = `import { startChild } from ${JSON.stringify(module)};
    startChild({ command: process.execPath, args: ['-e', ${JSON.stringify(program(file))}] });
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  await until(async () => (await pidsIn(file)).length === 1, 20_000);
  const [pid] = await pidsIn(file);
  parent.kill('SIGKILL');
  await until(() => !isAlive(Number(pid)), 10_000);
});

test('a parent that stops at once, although a child takes its time to stop, leaves none', async () => {
  const file = path.join(folder, 'pids');
  const deaf = program(file, "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)");
  const [child, shutdown] = ['child', 'shutdown'].map(
    (name) => new URL(`../../platform/${name}.ts`, import.meta.url).href,
  );
  const script = `import { startChild } from ${JSON.stringify(child)};
    import { STOPPED_AT_ONCE } from ${JSON.stringify(shutdown)};
    const child = startChild({
      command: process.execPath,
      args: ['-e', ${JSON.stringify(deaf)}],
      graceSeconds: 600,
    });
    process.stdin.once('data', () => {
      void child.stop();
      process.exit(STOPPED_AT_ONCE);
    });`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  await until(async () => (await pidsIn(file)).length === 1, 20_000);
  const [pid] = await pidsIn(file);
  parent.stdin.write('now');
  await until(() => !isAlive(Number(pid)), 30_000);
});

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)('root starts a program as another user, to whom the project is closed', async () => {
  const platform = fileURLToPath(new URL('../../platform', import.meta.url));
  const child = path.join(folder, 'child.mts');
  await copyFile(path.join(platform, 'child.ts'), child);
  for (const name of ['guardian.sh', 'shutdown.ts'])
    await copyFile(path.join(platform, name), path.join(folder, name));
  const script = `import { startChild } from ${JSON.stringify(pathToFileURL(child).href)};
    startChild({ command: 'id', args: ['-u'], cwd: '/', uid: 65534, onOutput: (text) => process.stdout.write(text) });`;
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
  });
  expect(stdout).toBe('65534\n');
});

test.runIf(isRoot)(
  'PostgreSQL of root, which would run as another user, needs data that one can reach',
  async () => {
    await expect(startPostgres({ dataDir: path.join(folder, 'data') })).rejects.toThrow(
      /^DATA_DIR: PostgreSQL does not run as root, and user \d+, which it would run as, cannot reach /,
    );
  },
);

test('a program that ends by itself is started again, and that is said, with its process; after the stop it is not', async () => {
  const file = path.join(folder, 'pids');
  const said: string[] = [];
  const brief = program(file, 'process.exitCode = 3');
  const supervised = supervise(
    { name: 'brief', command: process.execPath, args: ['-e', brief], env: process.env },
    (line) => said.push(line),
  );
  await until(async () => (await pidsIn(file)).length >= 3, 20_000);
  // Stops in the pause before the fourth start, and resolves only when there will be none.
  await supervised.stop();
  const pids = await pidsIn(file);
  expect(pids).toHaveLength(3);
  expect(said.slice(0, 4)).toEqual([
    `brief runs as process ${pids[0]}`,
    'brief ended with code 3; starting it again in 0.5 s',
    `brief runs as process ${pids[1]}`,
    'brief ended with code 3; starting it again in 1 s',
  ]);
});

test('the embedded PostgreSQL keeps its data over a stop and a start', async () => {
  const query = async (url: string, sql: string) => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query<{ n: number }>(sql);
    await client.end();
    return rows;
  };
  const first = await startPostgres({ dataDir: folder, port: await freePort() });
  await query(first.ownerUrl, 'create table kept as select 42 as n');
  await first.stop();
  const second = await startPostgres({ dataDir: folder, port: await freePort() });
  const kept = await query(second.ownerUrl, 'select n from kept');
  await second.stop();
  expect(kept).toEqual([{ n: 42 }]);
});

test('a server that is killed is said and started again, with its data; one that cannot start fails at once', async () => {
  const said: string[] = [];
  const port = await freePort();
  const server = await superviseServer(
    'PostgreSQL',
    () => startPostgres({ dataDir: folder, port }),
    (line) => said.push(line),
  );
  const { ownerUrl } = server.first;
  const killed = Number(server.pid());
  process.kill(killed, 'SIGKILL');
  await until(() => server.pid() !== undefined && server.pid() !== killed, 30_000);
  await until(() => isServing(ownerUrl), 30_000);
  await server.stop();
  expect(said).toContain('PostgreSQL ended with code 137; starting it again in 0.5 s');
  expect(server.pid()).toBeUndefined();
  expect(await isServing(ownerUrl)).toBe(false);
  await expect(
    superviseServer(
      'a server',
      () => Promise.reject(new Error('no room')),
      () => undefined,
    ),
  ).rejects.toThrow('no room');
});

async function isServing(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  const answered = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end();
  return answered;
}
