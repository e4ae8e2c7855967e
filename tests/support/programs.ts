import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder.js';
import { compileAll } from '../../tools/build/compile.js';
import { buildDashboard } from '../../tools/build/dashboard.js';

/**
 * Compiles every program once for the whole run (TEST_PROGRAMS): compiled, a worker starts in half the time. Node keeps
 * beside them what it has compiled to run, for the next process. Returns what removes them. They lie below the project,
 * where they find its packages.
 */
export async function compilePrograms(): Promise<() => Promise<void>> {
  // More than one of the projects in vitest.config.ts asks for them.
  if (process.env['TEST_PROGRAMS'] !== undefined) return () => Promise.resolve();
  await mkdir(path.join(projectFolder, '.cache'), { recursive: true });
  const folder = await mkdtemp(path.join(projectFolder, '.cache', 'programs-'));
  process.env['TEST_PROGRAMS'] = folder;
  process.env['NODE_COMPILE_CACHE'] = path.join(folder, 'node-cache');
  await buildDashboard(() => undefined);
  await compileAll(projectFolder, folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** What Node needs to run a program, such as `bin/worker`, as it was compiled for this run. */
export function compiled(program: string): string {
  const folder = process.env['TEST_PROGRAMS'];
  if (folder === undefined)
    throw new Error('TEST_PROGRAMS is not set; tests/support/programs-setup.ts sets it');
  return path.join(folder, `${program}.js`);
}
