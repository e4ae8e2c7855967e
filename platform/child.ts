import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { STOPPED_AT_ONCE } from './shutdown.js';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** The signal that asks the program to stop, and how long it may take before it is killed. */
  readonly stopSignal?: 'TERM' | 'INT';
  readonly graceSeconds?: number;
  /** Called with the process id, as soon as there is one. */
  readonly onStart?: (pid: number) => void;
  readonly onOutput?: (text: string) => void;
}

export interface Child {
  /** The process id of the program itself, not of its guardian; undefined until it has started. */
  readonly pid: () => number | undefined;
  /** Resolves with the exit code when the program has ended, for whatever reason. */
  readonly ended: Promise<number>;
  /** Asks the program to stop and waits until it has. */
  stop(): Promise<number>;
}

/** The process ids of the programs that run. */
const running = new Set<number>();
process.on('exit', (code) => {
  if (code === STOPPED_AT_ONCE) running.forEach(kill);
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Passed as text: the program may run as a user who cannot open files of the project. */
const guardian = readFileSync(new URL('./guardian.sh', import.meta.url), 'utf8');

/**
 * Starts a program that ends when we do, even when we are killed: a guardian watches a pipe from us. It has a process
 * group of its own, so that Ctrl-C in a terminal reaches only us and we decide what stops when.
 */
export function startChild(options: ChildOptions): Child {
  const { command, args, stopSignal = 'TERM', graceSeconds = 15, onStart, onOutput } = options;
  const child = spawn(
    '/bin/sh',
    ['-c', guardian, 'guardian.sh', stopSignal, String(graceSeconds), command, ...args],
    {
      env: options.env ?? process.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid ?? options.uid }),
    },
  );
  child.stdout.on('data', (chunk: Buffer) => onOutput?.(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => onOutput?.(chunk.toString()));
  let pid: number | undefined;
  child.stdio[3]?.on('data', (text: Buffer) => {
    pid = Number(text);
    running.add(pid);
    onStart?.(pid);
  });
  const ended = endOf(child).finally(() => pid !== undefined && running.delete(pid));
  return {
    pid: () => pid,
    ended,
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

const endOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
