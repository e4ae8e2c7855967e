import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import setUp from '../../tests/support/global-setup.js';
import { fetchNode, nodeVersionOfImage } from '../image-node.js';
import type { Part } from './parts.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/** A report in the schema that mutation testing tools share, as far as it is used here. */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Stryker mutates a copy, below `.cache`, and remembers there what it has found. `fresh` makes it forget that first. */
export async function runStryker(name: string, part: Part, fresh: boolean): Promise<MutationReport> {
  const node = await fetchNode(await nodeVersionOfImage());
  const stryker = await installStryker();
  const folder = path.join(root, '.cache/mutation');
  await mkdir(folder, { recursive: true });
  const fileOf = (what: string) => path.join(folder, `${name}.${what}.json`);
  await writeFile(fileOf('config'), JSON.stringify(configOf(part, folder, fileOf)));
  if (fresh) await rm(fileOf('incremental'), { force: true });
  else await forgetSurvivors(fileOf('incremental'));
  const runIt = () => runNode(node, [stryker, 'run', fileOf('config')], part);
  await (part.needsServers ? withServers(runIt) : runIt());
  return JSON.parse(await readFile(fileOf('report'), 'utf8')) as MutationReport;
}

/** They are tried again: of code that runs as a module is loaded, Stryker does not see which new test is about it. */
async function forgetSurvivors(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const known = JSON.parse(await readFile(file, 'utf8')) as MutationReport;
  const noticed = Object.entries(known.files).map(([name, { mutants, ...rest }]) => [
    name,
    { ...rest, mutants: mutants.filter(({ status }) => status !== 'Survived') },
  ]);
  await writeFile(file, JSON.stringify({ ...known, files: Object.fromEntries(noticed) as unknown }));
}

/** The servers outlive Stryker's runners: one that hangs is killed, and the next one's start must not take its time. */
async function withServers(run: () => Promise<void>): Promise<void> {
  const stop = await setUp();
  await run().finally(stop);
}

async function runNode(node: string, args: readonly string[], { tests }: Part): Promise<void> {
  const child = spawn(node, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: JSON.stringify(tests) },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`Stryker ended with ${code}`);
}

const configOf = (part: Part, folder: string, fileOf: (what: string) => string) => ({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tools/mutate/vitest.config.ts', related: false, pool: 'forks' },
  mutate: part.mutate,
  // Messages and comments for people are not what the tests are about; the types check all other texts but SQL.
  mutator: { excludedMutations: part.isSql ? [] : ['StringLiteral'] },
  ignorePatterns: [
    '.cache/mutation',
    'dashboard',
    'docs',
    'tests/browser',
    'tests/workflows/histories',
    '.data',
    'dist',
  ],
  coverageAnalysis: 'perTest',
  concurrency: part.needsServers ? 1 : Number(process.env['MUTATION_CONCURRENCY'] ?? 2),
  incremental: true,
  incrementalFile: fileOf('incremental'),
  jsonReporter: { fileName: fileOf('report') },
  reporters: ['progress', 'json'],
  tempDirName: path.join(folder, 'copy'),
  disableTypeChecks: false,
  // Where the machine is busy, servers keep a test waiting that would end well.
  timeoutMS: part.needsServers ? 30_000 : 5_000,
  timeoutFactor: 1.5,
});

/** Apart from the project's own packages, since it needs a newer Node than they do; once for each version. */
async function installStryker(): Promise<string> {
  const lock = path.join(here, 'package-lock.json');
  const digest = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex');
  const folder = path.join(root, `.cache/stryker-${digest.slice(0, 16)}`);
  const mark = path.join(folder, 'complete');
  if (!existsSync(mark)) {
    console.log('Installing Stryker with npm, once ...');
    await mkdir(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      await copyFile(path.join(here, file), path.join(folder, file));
    await promisify(execFile)('npm', ['ci', '--silent'], { cwd: folder });
    await writeFile(mark, '');
  }
  return path.join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
}
