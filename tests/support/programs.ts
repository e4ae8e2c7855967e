import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { assets } from '../../tools/assets.js';
import { buildDashboard } from '../../tools/build-dashboard.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every folder whose modules end up in some program. */
const sources = [
  'activities',
  'api',
  'bin',
  'core',
  'db',
  'platform',
  'schemas',
  'simulation',
  'tools',
  'workers',
  'workflows',
];

/**
 * Compiles the programs once for the whole run (TEST_PROGRAMS): compiled, a worker starts in half the time. Returns what
 * removes them. They lie below the project, where they find its packages.
 */
export async function compilePrograms(): Promise<() => Promise<void>> {
  // More than one of the projects in vitest.config.ts asks for them.
  if (process.env['TEST_PROGRAMS'] !== undefined) return () => Promise.resolve();
  await mkdir(path.join(root, '.cache'), { recursive: true });
  const folder = await mkdtemp(path.join(root, '.cache', 'programs-'));
  process.env['TEST_PROGRAMS'] = folder;
  await build({
    absWorkingDir: root,
    entryPoints: sources.filter((name) => existsSync(path.join(root, name))).map((name) => `${name}/**/*.ts`),
    outbase: root,
    outdir: folder,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  await buildDashboard(() => undefined);
  for (const asset of assets) {
    await mkdir(path.dirname(path.join(folder, asset)), { recursive: true });
    await symlink(path.join(root, asset), path.join(folder, asset));
  }
  return () => rm(folder, { recursive: true, force: true });
}

/** What Node needs to run a program, such as `bin/worker`, as it was compiled for this run. */
export function compiled(program: string): string {
  const folder = process.env['TEST_PROGRAMS'];
  if (folder === undefined)
    throw new Error('TEST_PROGRAMS is not set; tests/support/programs-setup.ts sets it');
  return path.join(folder, `${program}.js`);
}
