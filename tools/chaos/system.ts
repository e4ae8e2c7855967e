import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { roleOf } from '../../core/choreography.js';
import { loginsOf } from '../../db/logins.js';
import { migrate } from '../../db/migrate.js';
import { startPostgres } from '../../platform/embedded-postgres.js';
import { loopbackWithoutProxy, withoutProxy } from '../../platform/loopback.js';
import { freePort } from '../../platform/ports.js';
import { withLogin } from '../../platform/postgres-url.js';
import { supervise, superviseServer, type Supervised } from '../../platform/supervisor.js';
import { findTemporalCli } from '../../platform/temporal-binary.js';
import { startTemporal } from '../../platform/temporal-server.js';
import { databaseVariable } from '../../platform/variables.js';
import {
  logins,
  ORDER_ID_ATTRIBUTE,
  ORDER_STATUS_ATTRIBUTE,
  services,
  type Service,
} from '../../schemas/services.js';
import type { AuditedSystem } from '../audit/system.js';
import { copyFolder, restoreBaseBackup, takeBaseBackup } from './base-backup.js';
import { Clocks } from './clock.js';
import { mountDisks, type Disks } from './disk.js';
import { insist } from './insist.js';
import { Link } from './link.js';
import { API, CUSTOMERS, linkOf, links, MAIL_CATCHER, parts, POSTGRES, TEMPORAL, workerOf } from './parts.js';
import { signalFamily } from './processes.js';

/** What a build has to hold. */
export const programNames = ['bin/api', 'bin/mail-catcher', 'bin/worker'] as const;

/** Compiled programs, and the workflows that their workers run. */
export interface Build {
  readonly programs: string;
  readonly workflowBundle: string;
}

export interface SystemOptions extends Build {
  /** libfaketime; without it no clock can be set. */
  readonly faketime: string | undefined;
  /** Variables of the programs, such as their waits. */
  readonly settings: NodeJS.ProcessEnv;
}

/** In MB: more than 10,000 orders take. */
const DISK = 768;

const postgresSettings = { max_wal_size: '64MB', wal_keep_size: '64MB' };

/**
 * The whole system of real processes, each on a network connection of its own to every other one that it talks to, and
 * the servers' data on disks of their own. Each part is started again when it ends, as an orchestrator does.
 */
export class ChaosSystem {
  readonly folder: string;
  readonly links: ReadonlyMap<string, Link>;
  readonly clocks: Clocks;
  readonly disks: Disks;
  readonly #options: SystemOptions;
  readonly #ports: Readonly<Record<string, number>>;
  readonly #supervised = new Map<string, Supervised>();
  #ownerUrl = '';

  private constructor(
    folder: string,
    options: SystemOptions,
    ports: Readonly<Record<string, number>>,
    disks: Disks,
  ) {
    this.folder = folder;
    this.#options = options;
    this.#ports = ports;
    this.disks = disks;
    this.clocks = new Clocks(folder, options.faketime);
    this.links = new Map(links.map((name) => [name, new Link(Number(ports[name.split(' to ')[1] ?? '']))]));
  }

  /** Nothing runs yet. */
  static async prepare(options: SystemOptions): Promise<ChaosSystem> {
    const folder = await mkdtemp(path.join(tmpdir(), 'order-saga-chaos-'));
    // Root runs PostgreSQL as another user, who has to get to its data.
    await chmod(folder, 0o755);
    const ports: Record<string, number> = {};
    for (const name of [POSTGRES, TEMPORAL, 'Web UI', MAIL_CATCHER, 'mails', API])
      ports[name] = await freePort();
    return new ChaosSystem(folder, options, ports, await mountDisks(folder, [POSTGRES, TEMPORAL], DISK));
  }

  async start(): Promise<void> {
    await this.startPostgres();
    await Promise.all([this.startTemporal(), this.migrate()]);
    for (const link of this.links.values()) await link.listen();
    this.#supervised.set(MAIL_CATCHER, await this.#startMailCatcher());
    this.#supervised.set(API, await this.#startApi());
    for (const service of services) await this.startWorker(service);
  }

  #startMailCatcher(): Promise<Supervised> {
    return this.#startProgram(MAIL_CATCHER, ['bin/mail-catcher'], {
      SMTP_PORT: String(this.#ports[MAIL_CATCHER]),
      MAIL_CATCHER_PORT: String(this.#ports['mails']),
    });
  }

  #startApi(): Promise<Supervised> {
    return this.#startProgram(API, ['bin/api'], {
      ...this.#connections(API, logins),
      API_PORT: String(this.#ports[API]),
      API_RATE_LIMIT: '0',
      MAIL_CATCHER_URL: `http://127.0.0.1:${this.#ports['mails']}/`,
    });
  }

  /** What customers use. */
  get apiUrl(): string {
    return `http://127.0.0.1:${this.links.get(linkOf(CUSTOMERS, API))?.port}`;
  }

  /** For the harness itself, which no trouble of the network reaches. */
  get audited(): AuditedSystem {
    const connection = { address: this.temporalAddress, tls: false, ...withoutProxy };
    const temporal = { namespace: 'default', connection };
    return { databaseUrl: this.#ownerUrl, temporal, isStopped: false, close: () => Promise.resolve() };
  }

  /** To the process of a part and its children; none where it is down. */
  signal(part: string, signal: NodeJS.Signals): void {
    const pid = this.#supervised.get(part)?.pid();
    if (pid !== undefined) signalFamily(pid, signal);
  }

  async startPostgres(): Promise<void> {
    const env = await this.#environmentOf(POSTGRES);
    const options = { dataDir: this.#dataOf(POSTGRES), port: Number(this.#ports[POSTGRES]), env };
    const start = () => startPostgres({ ...options, settings: postgresSettings });
    const server = await superviseServer(POSTGRES, start, this.#say);
    this.#ownerUrl = server.first.ownerUrl;
    this.#supervised.set(POSTGRES, server);
  }

  async startTemporal(): Promise<void> {
    const options = {
      binary: await findTemporalCli(this.#say),
      dbFile: path.join(this.#dataOf(TEMPORAL), 'temporal.db'),
      port: Number(this.#ports[TEMPORAL]),
      uiPort: Number(this.#ports['Web UI']),
      searchAttributes: [ORDER_ID_ATTRIBUTE, ORDER_STATUS_ATTRIBUTE],
    };
    this.#supervised.set(TEMPORAL, await superviseServer(TEMPORAL, () => startTemporal(options), this.#say));
  }

  /** As every release does, and every restore of a backup has to. */
  async migrate(): Promise<void> {
    const urls = Object.fromEntries(logins.map((login) => [login, this.#loginUrl(login, this.#ownerUrl)]));
    await migrate(this.#ownerUrl, loginsOf(urls));
  }

  async startWorker(service: Service, build: Build = this.#options): Promise<void> {
    this.#supervised.set(workerOf(service), await this.startBeside(service, build));
  }

  /** One more worker of a service. The caller stops it. */
  startBeside(service: Service, build: Build): Promise<Supervised> {
    const env = this.#workerEnvironment(service);
    return this.#startProgram(workerOf(service), ['bin/worker', service], env, build);
  }

  #workerEnvironment(service: Service): NodeJS.ProcessEnv {
    const part = workerOf(service);
    const mails = this.links.get(linkOf(part, MAIL_CATCHER));
    return {
      ...this.#connections(part, [service]),
      ...(mails ? { SMTP_URL: `smtp://127.0.0.1:${mails.port}` } : {}),
    };
  }

  async stop(part: string): Promise<void> {
    await this.#supervised.get(part)?.stop();
    this.#supervised.delete(part);
  }

  /** Temporal forgets everything. */
  async deleteTemporal(): Promise<void> {
    this.signal(TEMPORAL, 'SIGKILL');
    await this.stop(TEMPORAL);
    for (const suffix of ['', '-wal', '-shm'])
      await rm(path.join(this.#dataOf(TEMPORAL), `temporal.db${suffix}`), { force: true });
    await insist(() => this.startTemporal());
  }

  backUpPostgres(): Promise<void> {
    return takeBaseBackup(this.#ownerUrl, this.#cluster, this.#backup);
  }

  /** Everything since the backup is gone. */
  async restorePostgres(): Promise<void> {
    this.signal(POSTGRES, 'SIGKILL');
    await this.stop(POSTGRES);
    await restoreBaseBackup(this.#backup, this.#cluster);
    await insist(() => this.startPostgres());
    await insist(() => this.migrate());
  }

  /** Stops everything; the data stays where it is. */
  async end(): Promise<void> {
    for (const part of parts) this.signal(part, 'SIGCONT');
    await Promise.all(
      parts.filter((part) => part !== POSTGRES && part !== TEMPORAL).map((part) => this.stop(part)),
    );
    await Promise.all([this.stop(POSTGRES), this.stop(TEMPORAL)]);
    await Promise.all([...this.links.values()].map((link) => link.close()));
  }

  /** Copies what lies on the disks of their own to where it can be audited later. */
  async keep(): Promise<string> {
    const kept = await mkdtemp(path.join(tmpdir(), 'order-saga-chaos-kept-'));
    await chmod(kept, 0o755);
    for (const part of [POSTGRES, TEMPORAL]) await copyFolder(this.#dataOf(part), kept);
    for (const file of [this.log, this.mailFile]) await cp(file, path.join(kept, path.basename(file)));
    return kept;
  }

  async remove(): Promise<void> {
    for (const disk of this.disks.mounted.values()) await disk.unmount();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What the supervisors said, and what the processes printed. */
  get log(): string {
    return path.join(this.folder, 'chaos.log');
  }

  get mailFile(): string {
    return path.join(this.folder, 'mails.jsonl');
  }

  readonly #say = (line: string) => this.#write(`${new Date().toISOString()} ${line}\n`);

  #write(text: string): void {
    appendFileSync(this.log, text);
  }

  get temporalAddress(): string {
    return `127.0.0.1:${this.#ports[TEMPORAL]}`;
  }

  get #cluster(): string {
    return path.join(this.#dataOf(POSTGRES), 'postgres');
  }

  get #backup(): string {
    return path.join(this.folder, 'base-backup');
  }

  #dataOf(part: string): string {
    return path.join(this.folder, part);
  }

  readonly #passwords = Object.fromEntries(
    logins.map((login) => [login, randomBytes(18).toString('base64url')]),
  );

  #loginUrl(login: string, url: string): string {
    return withLogin(url, roleOf(login), this.#passwords[login] ?? '');
  }

  /** A part's own connections to PostgreSQL and Temporal. */
  #connections(part: string, itsLogins: readonly string[]): NodeJS.ProcessEnv {
    const through = (to: string) => `127.0.0.1:${this.links.get(linkOf(part, to))?.port}`;
    const database = new URL(this.#ownerUrl);
    database.host = through(POSTGRES);
    const urls = itsLogins.map((login) => [databaseVariable(login), this.#loginUrl(login, database.href)]);
    return {
      ...(Object.fromEntries(urls) as NodeJS.ProcessEnv),
      TEMPORAL_ADDRESS: through(TEMPORAL),
      TEMPORAL_NAMESPACE: 'default',
    };
  }

  async #environmentOf(part: string): Promise<NodeJS.ProcessEnv> {
    return {
      ...process.env,
      ...loopbackWithoutProxy(process.env),
      ...this.#options.settings,
      ...(await this.clocks.environmentOf(part)),
      LOG_LEVEL: 'warn',
      DATA_DIR: this.folder,
      ENV_FILE: devNull,
    };
  }

  async #startProgram(
    part: string,
    [program, ...args]: readonly [string, ...string[]],
    own: NodeJS.ProcessEnv,
    { programs, workflowBundle }: Build = this.#options,
  ): Promise<Supervised> {
    const env = { ...(await this.#environmentOf(part)), WORKFLOW_BUNDLE: workflowBundle, ...own };
    const command = { command: process.execPath, args: [path.join(programs, `${program}.js`), ...args] };
    return supervise({ name: part, ...command, env, onOutput: (text) => this.#write(text) }, this.#say);
  }
}
