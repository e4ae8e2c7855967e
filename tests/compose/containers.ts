import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { wordsOf, type ComposeService } from './compose-file.js';
import { entrypoint, imageEnvironment } from './dockerfile.js';
import { programNode } from '../support/program-node.js';

/** Where what a container knows by an address, a path, or a whole `NAME=value` is on this machine. */
export type Places = Readonly<Record<string, string>>;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly output: () => string;
  readonly ended: Promise<Ending>;
  /** Asks the program to stop as an engine does, which kills it when its grace period is over. */
  readonly stop: () => Promise<Ending>;
}

/** What the image and the service set, at its place on this machine, and nothing else. */
export function environmentOf({ environment = {} }: ComposeService, places: Places): NodeJS.ProcessEnv {
  const here = (name: string, value: string) =>
    places[`${name}=${value}`] ??
    Object.entries(places).reduce((text, [there, place]) => text.replace(there, place), value);
  const entries = Object.entries(environment).map(([name, value]) => [name, here(name, value)] as const);
  return { ...imageEnvironment, ...Object.fromEntries(entries) };
}

/** Starts the program of a container: the image's entry point with the service's command, or with other words. */
export function startContainer(
  service: ComposeService,
  image: string,
  places: Places,
  words: readonly string[] = wordsOf(service.command),
): Started {
  if (entrypoint.join(' ') !== 'node') throw new Error('the entry point is not node');
  const child = spawn(programNode(), [...words], { cwd: image, env: environmentOf(service, places) });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = endOf(child);
  const stop = async () => {
    child.kill('SIGTERM');
    const graceMs = Number.parseInt(service.stop_grace_period ?? '10') * 1_000;
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    return ended.finally(() => clearTimeout(kill));
  };
  return { output: () => output, ended, stop };
}

async function endOf(child: ChildProcess): Promise<Ending> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

/** Whether the health check of a container finds it healthy. */
export async function isHealthy(service: ComposeService, image: string, places: Places): Promise<boolean> {
  const [, , ...script] = service.healthcheck?.test ?? [];
  const { code } = await startContainer(service, image, places, script).ended;
  return code === 0;
}
