import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { keepHistoriesAt } from '../support/kept-histories.js';
import { compiled } from '../support/programs.js';
import { hostAndPort } from '../../platform/host-and-port.js';
import { freePorts } from '../../platform/ports.js';
import { bareEnvironment, programNode } from '../support/program-node.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Reply<Answer> {
  readonly status: number;
  readonly body: Answer;
}

/** The whole system as `npm start` runs it, but compiled, on ports and data of its own. */
export class RunningSystem {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly #env: NodeJS.ProcessEnv;
  #supervisor: ChildProcess | undefined;
  #output = '';
  readonly #family = new Set<number>();

  private constructor(dataDir: string, apiPort: number, env: NodeJS.ProcessEnv) {
    this.dataDir = dataDir;
    this.apiUrl = `http://${hostAndPort(env['API_HOST'] ?? '127.0.0.1', apiPort)}`;
    this.#env = env;
  }

  static async prepare(settings: NodeJS.ProcessEnv = {}): Promise<RunningSystem> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'order saga 주문 e2e-'));
    const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
    const ports = await freePorts(names.length);
    const chosen = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
    return new RunningSystem(dataDir, ports[0] ?? 0, {
      ...process.env,
      ...chosen,
      DATA_DIR: dataDir,
      WORKFLOW_BUNDLE: process.env['TEST_WORKFLOW_BUNDLE'],
      ...settings,
    });
  }

  /** Resolves when the table of addresses is printed. */
  start(...args: readonly string[]): Promise<void> {
    return this.#start(programNode(), [compiled('bin/start'), ...args]);
  }

  /** The same from the sources, by `npm start`, which bundles the workflows itself. */
  startFromSources(...args: readonly string[]): Promise<void> {
    delete this.#env['WORKFLOW_BUNDLE'];
    return this.#start('npm', ['start', '--silent', '--', ...args]);
  }

  /** By `npm start` on a terminal, as a person would; compiled all the same. The last line is how it left the terminal. */
  async startInTerminal(...args: readonly string[]): Promise<void> {
    const start = ['exec', programNode(), quoted(compiled('bin/start')), ...args].join(' ');
    const folder = quoted(this.dataDir);
    await writeFile(path.join(this.dataDir, 'package.json'), JSON.stringify({ scripts: { start } }), {
      mode: 0o600,
    });
    // The shell outlives Ctrl-C, to look at its terminal again.
    const command = `trap : INT; stty -g; npm start --silent --prefix ${folder}; echo exit $?; stty -g`;
    return this.#start('script', inTerminal(command));
  }

  async #start(command: string, args: readonly string[]): Promise<void> {
    this.#output = '';
    const supervisor = spawn(command, args, { cwd: root, env: this.#env });
    this.#supervisor = supervisor;
    for (const stream of [supervisor.stdout, supervisor.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    await until(
      () => this.#output.includes('Ctrl-C stops everything') || supervisor.exitCode !== null,
      90_000,
    );
    if (supervisor.exitCode !== null) throw new Error(`npm start ended: ${this.#output}`);
  }

  get temporalAddress(): string {
    return `127.0.0.1:${this.#env['TEMPORAL_PORT']}`;
  }

  get output(): string {
    return this.#output;
  }

  /** Keeps the histories of all runs for the end of the suite, as `stop` does by itself. */
  keepHistories(): Promise<void> {
    return keepHistoriesAt(this.temporalAddress, this.#env['TEMPORAL_NAMESPACE']);
  }

  /** As a terminal does it, or another way; resolves when the supervisor, or the terminal's command, has ended. */
  async stop(signal: NodeJS.Signals | 'Ctrl-C' = 'SIGINT'): Promise<void> {
    const supervisor = this.#supervisor;
    if (!supervisor || supervisor.exitCode !== null || supervisor.signalCode !== null) return;
    if (this.#output.includes('Ctrl-C stops everything')) await this.keepHistories();
    if (signal === 'Ctrl-C') supervisor.stdin?.write(CTRL_C);
    else supervisor.kill(signal);
    await until(() => supervisor.exitCode !== null || supervisor.signalCode !== null, 60_000);
  }

  /** Another program of the project beside the system, which it finds by its DATA_DIR. */
  spawn(program: string, ...args: readonly string[]): ChildProcess {
    const { DATA_DIR, ENV_FILE } = this.#env;
    return spawn(programNode(), [compiled(program), ...args], {
      cwd: root,
      env: { ...bareEnvironment(), DATA_DIR, ENV_FILE },
      stdio: 'inherit',
    });
  }

  /** The supervisor's processes that live, by command line: all that descend from it, or did when last looked at. */
  processes(): readonly RunningProcess[] {
    const all = listProcesses();
    const isNew = ({ pid, parent }: RunningProcess) =>
      !this.#family.has(pid) && (pid === this.#supervisor?.pid || this.#family.has(parent));
    for (let found = all.filter(isNew); found.length > 0; found = all.filter(isNew))
      for (const { pid } of found) this.#family.add(pid);
    return all.filter(({ pid }) => this.#family.has(pid));
  }

  /** The worker of a service that the supervisor has started. */
  pidOfWorker(service: string): number {
    return this.pidOf(`worker\\.js ${service}`);
  }

  /** A program that the supervisor has started, by a pattern of its command line. */
  pidOf(pattern: string): number {
    const isMeant = new RegExp(`^\\S*node\\S* .*${pattern}`);
    const found = this.processes().find(({ command }) => isMeant.test(command));
    if (!found) throw new Error(`no ${pattern} is running`);
    return found.pid;
  }

  /** Whether the independent auditor finds nothing, once everything has come to rest within 30 s. */
  isClean(): Promise<boolean> {
    return this.succeeds('tools/audit', '--grace', '0', '--wait', '30');
  }

  /** Whether another program of the project ends well. */
  async succeeds(program: string, ...args: readonly string[]): Promise<boolean> {
    const [code] = (await once(this.spawn(program, ...args), 'exit')) as [number | null];
    return code === 0;
  }

  async call<Answer>(
    method: string,
    path_: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Answer>> {
    const response = await fetch(`${this.apiUrl}${path_}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** What the key sends. */
export const CTRL_C = '\x03';

/** For `script`, which runs a command on a terminal of its own, and passes on what is typed and printed. */
export const inTerminal = (command: string): readonly string[] => ['-qfec', command, '/dev/null'];

export const quoted = (text: string): string => `'${text}'`;

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Zombies are left out. */
function listProcesses(): readonly RunningProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .flatMap((found) => {
      const [, pid, parent, state, command] = found ?? [];
      return command === undefined || state?.startsWith('Z')
        ? []
        : [{ pid: Number(pid), parent: Number(parent), command }];
    });
}

/** Waits for a condition, and fails when it does not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, timeout: number): Promise<void> {
  await vi.waitUntil(condition, { timeout, interval: 100 });
}
