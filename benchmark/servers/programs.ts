import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from '../../platform/child.js';
import { loopbackWithoutProxy } from '../../platform/loopback.js';
import type { Program } from '../contender.js';

export interface RunningProgram {
  readonly group: Program['group'];
  readonly pid: number;
  stop(): Promise<unknown>;
}

/** Starts programs side by side; resolves once all are ready, and stops all where one is not within a minute. */
export async function startPrograms(programs: readonly Program[]): Promise<readonly RunningProgram[]> {
  const starts = await Promise.allSettled(programs.map(startProgram));
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find((start) => start.status === 'rejected');
  if (!failed) return running;
  await Promise.all(running.map((program) => program.stop()));
  throw failed.reason;
}

/** The command that runs a program of the project, such as `bin/worker`. */
export function projectProgram(module: string, ...args: readonly string[]): readonly [string, ...string[]] {
  const file = fileURLToPath(new URL(`../../${module}${extension}`, import.meta.url));
  return [process.execPath, ...(extension === '.js' ? [] : ['--import', 'tsx']), file, ...args];
}

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);

async function startProgram({
  name,
  group,
  command: [command, ...args],
  env,
  isReady,
}: Program): Promise<RunningProgram> {
  let output = '';
  const child = startChild({
    command,
    args,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ...loopbackWithoutProxy(process.env),
      ...env,
    },
    onOutput: (text) => (output = (output + text).slice(-20_000)),
  });
  const pid = await untilReady(child, async () => isReady(output));
  if (pid !== undefined) return { group, pid, stop: () => child.stop() };
  await child.stop();
  throw new Error(`${name} did not start: ${output}`);
}

/** Its process id, or undefined where it has ended or is not ready in time. */
async function untilReady(child: Child, isReady: () => Promise<boolean>): Promise<number | undefined> {
  let hasEnded = false;
  void child.ended.then(() => (hasEnded = true));
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && !hasEnded; await sleep(50))
    if (await isReady()) return child.pid();
  return undefined;
}
