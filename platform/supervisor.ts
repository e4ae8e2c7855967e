import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child.js';

export interface SupervisedProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface Supervised {
  /** Asks the program to stop, waits until it has ended, and does not restart it. */
  stop(): Promise<void>;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** After this uptime the pause starts short again. */
const HEALTHY_AFTER = 30_000;

/** Keeps a program running: restarts it whenever it ends, after a pause that doubles each time. */
export function supervise(program: SupervisedProgram, say: (line: string) => void): Supervised {
  const stopping = new AbortController();
  let child: Child | undefined;
  const keepRunning = async () => {
    for (let pause = FIRST_PAUSE; !stopping.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const startedAt = Date.now();
      child = startChild({
        ...program,
        onStart: (pid) => say(`${program.name} runs as process ${pid}`),
        onOutput: (text) => process.stdout.write(text),
      });
      const code = await child.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > HEALTHY_AFTER) pause = FIRST_PAUSE;
      say(`${program.name} ended with code ${code}; starting it again in ${pause / 1_000} s`);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = keepRunning();
  return {
    stop: async () => {
      stopping.abort();
      await child?.stop();
      await done;
    },
  };
}
