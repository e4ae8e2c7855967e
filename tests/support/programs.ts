import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder.js';
import { buildDashboard } from '../../tools/build-dashboard.js';
import { compilePrograms } from '../../tools/compile-programs.js';

/**
 * Compiles the programs once for the whole run (TEST_PROGRAMS), and builds the dashboard that they serve. Returns what
 * removes them.
 */
export async function provideCompiledPrograms(): Promise<() => Promise<void>> {
  // More than one of the projects in vitest.config.ts asks for them.
  if (process.env['TEST_PROGRAMS'] !== undefined) return () => Promise.resolve();
  const cache = path.join(projectFolder, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'programs-'));
  process.env['TEST_PROGRAMS'] = folder;
  await buildDashboard(() => undefined);
  await compilePrograms(projectFolder, folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** What Node needs to run a program, such as `bin/worker`, as it was compiled for this run. */
export function compiled(program: string): string {
  const folder = process.env['TEST_PROGRAMS'];
  if (folder === undefined)
    throw new Error('TEST_PROGRAMS is not set; tests/support/programs-setup.ts sets it');
  return path.join(folder, `${program}.js`);
}
