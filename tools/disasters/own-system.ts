import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '../../platform/ports.js';

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);
const startFile = fileURLToPath(new URL(`../../bin/start${extension}`, import.meta.url));

/** An `npm start` on ports and data of its own, which can be struck by whatever the caller likes. */
export class OwnSystem {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly #env: NodeJS.ProcessEnv;
  #supervisor: ChildProcess | undefined;

  private constructor(dataDir: string, apiPort: number, env: NodeJS.ProcessEnv) {
    this.dataDir = dataDir;
    this.apiUrl = `http://127.0.0.1:${apiPort}`;
    this.#env = env;
  }

  /** `defaults` are the variables of the system that the environment does not set. */
  static async prepare(env: NodeJS.ProcessEnv, defaults: NodeJS.ProcessEnv): Promise<OwnSystem> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-disasters-'));
    const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
    const ports = await freePorts(names.length);
    const chosen = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
    return new OwnSystem(dataDir, ports[0] ?? 0, {
      ...defaults,
      ...env,
      ...chosen,
      DATA_DIR: dataDir,
      ENV_FILE: devNull,
    });
  }

  /** Resolves when its table of addresses is printed; rejects with what it says instead. */
  async start(changes: NodeJS.ProcessEnv = {}): Promise<void> {
    const supervisor = spawn(process.execPath, [...process.execArgv, startFile, '--faults'], {
      env: { ...this.#env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#supervisor = supervisor;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Ctrl-C stops everything')) resolve();
      };
      supervisor.stdout.on('data', listen);
      supervisor.stderr.on('data', listen);
      supervisor.once('exit', () => reject(new Error(`npm start ended: ${output}`)));
    });
  }

  /** Ends like Ctrl-C, or like a power cut by SIGKILL; what it has started ends as well. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const supervisor = this.#supervisor;
    if (!supervisor || supervisor.exitCode !== null || supervisor.signalCode !== null) return;
    const ended = once(supervisor, 'exit');
    supervisor.kill(signal);
    await ended;
    // After a SIGKILL, PostgreSQL notices by itself that it has to stop, and writes until then; half a minute at most.
    const isWriting = () => existsSync(path.join(this.#folder('postgres'), 'postmaster.pid'));
    for (let triesLeft = 300; isWriting() && triesLeft > 0; triesLeft--) await sleep(100);
  }

  /** The programs that the supervisor runs, each by a guardian, of which this much of the command line is known. */
  async pidsOf(command: RegExp): Promise<readonly number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
    const all = stdout.split('\n').map((line) => {
      const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return { pid: Number(pid), parent: Number(parent), args };
    });
    const guardians = all.filter(({ parent }) => parent === this.#supervisor?.pid).map(({ pid }) => pid);
    return all
      .filter(({ parent, args }) => guardians.includes(parent) && command.test(args))
      .map(({ pid }) => pid);
  }

  /** Only while it is stopped: everything that Temporal knows is gone. */
  async deleteTemporal(): Promise<void> {
    for (const suffix of ['', '-wal', '-shm'])
      await rm(path.join(this.dataDir, `temporal.db${suffix}`), { force: true });
  }

  /** Only while it is stopped. The copy keeps the owner of the files, without which PostgreSQL would refuse it. */
  async backUpPostgres(): Promise<void> {
    await copy(this.#folder('postgres'), this.#folder('postgres.backup'));
  }

  /** Only while it is stopped. */
  async restorePostgres(): Promise<void> {
    await rm(this.#folder('postgres'), { recursive: true, force: true });
    await copy(this.#folder('postgres.backup'), this.#folder('postgres'));
  }

  async remove(): Promise<void> {
    await this.stop('SIGINT');
    await rm(this.dataDir, { recursive: true, force: true });
  }

  #folder(name: string): string {
    return path.join(this.dataDir, name);
  }
}

const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);
