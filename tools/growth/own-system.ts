import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../platform/ports.js';

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);
const startFile = fileURLToPath(new URL(`../../bin/start${extension}`, import.meta.url));

/** An `npm start` on ports and data of its own, for as long as the figures take. */
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
    const dataDir = await mkdtemp(path.join(tmpdir(), 'order-saga-growth-'));
    const names = ['API_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SMTP_PORT'];
    const ports = await freePorts(names.length);
    const chosen = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
    return new OwnSystem(dataDir, ports[0] ?? 0, { ...defaults, ...env, ...chosen, DATA_DIR: dataDir });
  }

  /** Resolves when its table of addresses is printed; rejects with what it says instead. */
  async start(): Promise<void> {
    const supervisor = spawn(process.execPath, [...process.execArgv, startFile], {
      env: this.#env,
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

  /** Ends it like Ctrl-C, and deletes its data. */
  async remove(): Promise<void> {
    const supervisor = this.#supervisor;
    if (supervisor && supervisor.exitCode === null && supervisor.signalCode === null) {
      const ended = once(supervisor, 'exit');
      supervisor.kill('SIGINT');
      await ended;
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
