import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../platform/project-folder.js';

/** Those of a folder with a package.json of its own, where they are missing: only the benchmark needs them. */
export async function installPackages(folder: string): Promise<void> {
  const cwd = path.join(projectFolder, folder);
  if (existsSync(path.join(cwd, 'node_modules'))) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd });
}
