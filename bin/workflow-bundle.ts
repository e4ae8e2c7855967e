import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../core/worker.js';
import { projectFolder } from '../platform/project-folder.js';
import { workflowsPath } from '../workers/worker.js';

/** Bundles the shop's workflows from their sources. */
export async function bundleSources(): Promise<string> {
  const { code } = await bundleWorkflows(workflowsPath, new DefaultLogger('WARN'));
  return code;
}

/** The path of a bundle in `folder`, which is reused until the sources change. */
export async function provideBundle(folder: string): Promise<string> {
  const file = path.join(folder, `workflows-${(await hashSources()).slice(0, 16)}.js`);
  if (existsSync(file)) return file;
  await writeFile(`${file}.new`, await bundleSources());
  await rename(`${file}.new`, file);
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
