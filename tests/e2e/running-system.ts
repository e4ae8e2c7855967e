import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Reply<Answer> {
  readonly status: number;
  readonly body: Answer;
}

/** `npm start` as a user runs it, on ports and data of its own. */
export class RunningSystem {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly #env: NodeJS.ProcessEnv;
  #supervisor: ChildProcess | undefined;
  #output = '';

  private constructor(dataDir: string, apiPort: number, env: NodeJS.ProcessEnv) {
    this.dataDir = dataDir;
    this.apiUrl = `http://127.0.0.1:${apiPort}`;
    this.#env = env;
  }

  static async prepare(settings: NodeJS.ProcessEnv = {}): Promise<RunningSystem> {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-e2e-'));
    const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
    const ports: number[] = [];
    while (ports.length < names.length) ports.push(await getPort({ exclude: ports }));
    const chosen = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
    return new RunningSystem(dataDir, ports[0] ?? 0, {
      ...process.env,
      ...chosen,
      DATA_DIR: dataDir,
      ...settings,
    });
  }

  /** Resolves when the table of addresses is printed, with the seconds that took. */
  async start(...args: readonly string[]): Promise<number> {
    const startedAt = Date.now();
    this.#output = '';
    const supervisor = spawn('npm', ['start', '--silent', '--', ...args], { cwd: root, env: this.#env });
    this.#supervisor = supervisor;
    for (const stream of [supervisor.stdout, supervisor.stderr])
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    await until(
      () => this.#output.includes('Ctrl-C stops everything') || supervisor.exitCode !== null,
      90_000,
    );
    if (supervisor.exitCode !== null) throw new Error(`npm start ended: ${this.#output}`);
    return (Date.now() - startedAt) / 1_000;
  }

  get output(): string {
    return this.#output;
  }

  /** Like Ctrl-C, or harder; resolves when the supervisor has ended. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const supervisor = this.#supervisor;
    if (!supervisor || supervisor.exitCode !== null) return;
    supervisor.kill(signal);
    await until(() => supervisor.exitCode !== null || supervisor.signalCode !== null, 60_000);
  }

  /** Every process that carries this system's DATA_DIR, by command line; zombies have none. */
  processes(): readonly { readonly pid: number; readonly command: string }[] {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid)
      .flatMap((pid) => {
        const environment = readProc(pid, 'environ');
        const command = readProc(pid, 'cmdline').replaceAll('\0', ' ');
        return environment.includes(`DATA_DIR=${this.dataDir}\0`) && command !== '' ? [{ pid, command }] : [];
      });
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

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Waits for a condition, and fails when it does not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await sleep(100);
  }
}
