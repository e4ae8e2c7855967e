import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requireDataDir } from '../../platform/data-dir.js';
import { checkAll, ConfigurationError, fault, readEnvFile } from '../../platform/environment.js';
import { describeFailure } from '../../platform/failure.js';
import { requireHost } from '../../platform/ports.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder for data that is a file, or lies in one, is refused', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  for (const [dataDir, code] of [
    [file, 'EEXIST'],
    [path.join(file, 'below'), 'ENOTDIR'],
  ] as const)
    await expect(requireDataDir(dataDir)).rejects.toThrow(
      new ConfigurationError(
        `DATA_DIR: expected a folder that can be written to\n  found ${code} at ${dataDir}`,
      ),
    );
});

test('a disk that is too full is refused, with how much room there is', async () => {
  const dataDir = path.join(folder, 'new', 'data');
  await requireDataDir(dataDir, 1);
  await expect(requireDataDir(dataDir, 2 ** 60)).rejects.toThrow(
    /^DATA_DIR: expected a folder with \d+ MB of room\n {2}found \d+ MB in .*; make room, or choose another folder$/,
  );
});

test.each(['nowhere.invalid', '192.0.2.1'])(
  'a host that is not of this machine is refused: %s',
  async (host) => {
    await expect(requireHost('API_HOST', host)).rejects.toThrow(
      new RegExp(`^API_HOST: expected an address of this machine\n  found E[A-Z]+.* for ${host}$`),
    );
  },
);

test.each(['localhost', '127.0.0.1', '::1'])('%s is an address of this machine', async (host) => {
  await expect(requireHost('API_HOST', host)).resolves.toBeUndefined();
});

test('all checks are made, and a fault that two of them find is said once', async () => {
  const refuse = (...names: readonly string[]) => {
    throw new ConfigurationError(...names.map((name) => fault(name, 'less', 'more')));
  };
  const checks = checkAll(
    () => refuse('ONE', 'TWO'),
    () => undefined,
    () => Promise.reject(new ConfigurationError(fault('TWO', 'less', 'more'), 'THREE: missing')),
  );
  const [one, two] = ['ONE', 'TWO'].map((name) => fault(name, 'less', 'more')) as [string, string];
  await expect(checks).rejects.toThrow(new ConfigurationError(one, two, 'THREE: missing'));
});

test('what the machine refuses is told in two lines, a bug with its stack', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [taken] = (await once(createServer().listen(server.address()), 'error')) as [Error];
  server.close();
  expect(describeFailure(taken)).toMatch(/^listen EADDRINUSE.*\n {2}another program has that port/);
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(describeFailure(full)).toBe(`${full.message}\n  make room on that disk, or choose another place`);
  const refused = Object.assign(new Error('password authentication failed'), { severity: 'FATAL' });
  expect(describeFailure(refused)).toBe('PostgreSQL: password authentication failed');
  expect(describeFailure(new AggregateError([full, full]))).toBe(describeFailure(full));
  expect(describeFailure(new TypeError('a bug'))).toMatch(/^TypeError: a bug\n +at /);
});

/** What a program sees that starts in `folder`. */
function settingsIn(given: Partial<Record<'ENV_FILE' | 'A_SETTING' | 'ANOTHER', string>>) {
  const cwd = process.cwd();
  for (const name of ['ENV_FILE', 'A_SETTING', 'ANOTHER'] as const) vi.stubEnv(name, given[name]);
  try {
    process.chdir(folder);
    readEnvFile();
    return { ...process.env };
  } finally {
    process.chdir(cwd);
    vi.unstubAllEnvs();
  }
}

test('.env of the working folder is read; what is set already stays as it is', async () => {
  expect(settingsIn({})).not.toHaveProperty('A_SETTING');
  await writeFile(path.join(folder, '.env'), 'A_SETTING=of the file\nANOTHER=of the file\n');
  expect(settingsIn({ ANOTHER: 'given' })).toMatchObject({ A_SETTING: 'of the file', ANOTHER: 'given' });
  await writeFile(path.join(folder, 'other.env'), 'A_SETTING=of another file\n');
  expect(settingsIn({ ENV_FILE: 'other.env' })['A_SETTING']).toBe('of another file');
  expect(() => settingsIn({ ENV_FILE: 'missing.env' })).toThrow(
    new ConfigurationError('ENV_FILE: expected a file that can be read\n  found ENOENT at missing.env'),
  );
});

const check = path.resolve('bin/check.cjs');
const refusalOn = (changes: string) =>
  spawnSync(process.execPath, ['-e', `${changes}; require(${JSON.stringify(check)})`], { encoding: 'utf8' });

test('an old Node, and Windows, are told what to do in three lines', () => {
  const node = (version: string) =>
    refusalOn(`Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`);
  expect(node('18.20.8')).toMatchObject({
    status: 1,
    stderr: `cannot start:\nexpected Node 20.19 or newer\n  found Node 18.20.8; install it: nvm install 24 (or nodejs.org)\n`,
  });
  expect([node('20.18.3').status, node('20.19.0').status, node('24.0.0').status]).toEqual([1, 0, 0]);
  const windows = refusalOn(`Object.defineProperty(process, 'platform', { value: 'win32' })`);
  expect(windows.status).toBe(1);
  expect(windows.stderr).toMatch(/found Windows.* wsl --install/);
});

test('every npm script that runs a program of ours checks Node first', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const programs = Object.values(scripts).filter((script) => script.includes('--import tsx'));
  expect(programs.length).toBeGreaterThan(10);
  expect(programs.filter((script) => !script.startsWith('node bin/check.cjs && '))).toEqual([]);
});
