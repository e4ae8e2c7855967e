import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../core/worker.js';
import { projectFolder } from '../platform/project-folder.js';
import { workflowsPath } from '../workers/worker.js';

const cacheFolder = path.join(projectFolder, '.cache');

/** The path of the bundled workflows, which are bundled anew when their sources have changed. */
export async function provideBundle(): Promise<string> {
  const file = path.join(cacheFolder, `workflows-${(await hashSources()).slice(0, 16)}.js`);
  if (existsSync(file)) return file;
  const { code } = await bundleWorkflows(workflowsPath, new DefaultLogger('WARN'));
  await mkdir(cacheFolder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, code);
  await rename(fresh, file);
  return file;
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['core', 'workflows', 'schemas'].map((name) => path.join(projectFolder, name))) {
    const files = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    for (const file of files.filter((name) => name.endsWith('.ts')).sort())
      hash.update(file).update(await readFile(path.join(folder, file)));
  }
  hash.update(await readFile(path.join(projectFolder, 'package-lock.json')));
  return hash.digest('hex');
}
