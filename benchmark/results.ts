import { readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { projectFolder } from '../platform/project-folder.js';
import type { Turn } from './figures.js';

/** A whole run, as it is kept. */
export interface Results {
  /** When it began, as ISO 8601. */
  readonly at: string;
  readonly machine: Machine;
  readonly servers: { readonly temporal: string; readonly temporalStore: string; readonly postgres: string };
  readonly plan: Plan;
  readonly contenders: readonly { readonly name: string; readonly title: string }[];
  readonly baseline: string;
  readonly turns: readonly Turn[];
}

export interface Machine {
  readonly processors: string;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** The load average of the minute before: what else was going on. */
  readonly loadBefore: number;
}

export interface Plan {
  readonly rounds: number;
  readonly orders: number;
  readonly warmUp: number;
  readonly inFlight: readonly number[];
  /** How many orders of each contender waited meanwhile. */
  readonly open: number;
  /** How many past orders the database held. */
  readonly past: number;
}

export const thisMachine = (): Machine => ({
  processors: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  memoryBytes: totalmem(),
  system: `${type()} ${release()}`,
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
});

export async function describeTemporal(client: Client) {
  const { serverVersion, persistenceStore } = await client.workflowService.getClusterInfo({});
  return { temporal: serverVersion, temporalStore: persistenceStore };
}

const folder = path.join(projectFolder, 'benchmark/results');

/** One file a day: a later run of the same day replaces it. */
export async function keepResults(results: Results): Promise<string> {
  const file = path.join(folder, `${results.at.slice(0, 10)}.json`);
  await writeFile(file, `${JSON.stringify(results, rounded, 2)}\n`);
  return file;
}

/** More digits than that are noise. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

/** Those of the newest run. */
export async function newestResults(): Promise<Results> {
  const newest = (await readdir(folder))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`${folder} holds no results; run: npm run bench`);
  return JSON.parse(await readFile(path.join(folder, newest), 'utf8')) as Results;
}
