import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child.js';

export interface SupervisedProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Hears what it prints; by default that goes to standard output. */
  readonly onOutput?: (text: string) => void;
}

/** What a supervisor keeps running: a program, or a server that is one. */
export type Running = Pick<Child, 'pid' | 'ended'> & { stop(): Promise<unknown> };

export interface Supervised {
  /** Of the present process; undefined while there is none. */
  pid(): number | undefined;
  /** Asks it to stop, waits until it has ended, and does not start it again. */
  stop(): Promise<void>;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** After this uptime the pause starts short again. */
const HEALTHY_AFTER = 30_000;

type Say = (line: string) => void;

/** Keeps a program running: restarts it whenever it ends, after a pause that doubles each time. */
export function supervise(program: SupervisedProgram, say: Say): Supervised {
  const start = () =>
    startChild({
      onOutput: (text) => process.stdout.write(text),
      ...program,
      onStart: (pid) => say(`${program.name} runs as process ${pid}`),
    });
  return keepRunning(program.name, () => Promise.resolve(start()), say);
}

/** Keeps a server running in the same way. Resolves once it serves; rejects where its first start fails. */
export async function superviseServer<Server extends Running>(
  name: string,
  start: () => Promise<Server>,
  say: Say,
): Promise<Supervised & { readonly first: Server }> {
  const first = await start();
  let next: () => Promise<Server> = () => Promise.resolve(first);
  const supervised = keepRunning(
    name,
    () => {
      const starting = next();
      next = start;
      return starting;
    },
    say,
  );
  return { ...supervised, first };
}

function keepRunning(name: string, start: () => Promise<Running>, say: Say): Supervised {
  const stopping = new AbortController();
  let running: Running | undefined;
  const untilEnded = async (): Promise<string> => {
    try {
      running = await start();
      if (stopping.signal.aborted) await running.stop();
      return `ended with code ${await running.ended}`;
    } catch (error) {
      return `did not start: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      running = undefined;
    }
  };
  const keep = async () => {
    for (let pause = FIRST_PAUSE; !stopping.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const startedAt = Date.now();
      const end = await untilEnded();
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > HEALTHY_AFTER) pause = FIRST_PAUSE;
      say(`${name} ${end}; starting it again in ${pause / 1_000} s`);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = keep();
  return {
    pid: () => running?.pid(),
    stop: async () => {
      stopping.abort();
      await running?.stop();
      await done;
    },
  };
}
