import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../platform/project-folder.js';

const run = promisify(execFile);

export async function nodeVersionOfImage(): Promise<string> {
  const dockerfile = await readFile(path.join(projectFolder, 'Dockerfile'), 'utf8');
  const [, found] = /^FROM node:(\d+\.\d+\.\d+)/m.exec(dockerfile) ?? [];
  if (found === undefined) throw new Error('the Dockerfile names no version of Node');
  return found;
}

/** The path of the binary as npm distributes it, which is fetched once for each version; npm checks its hash. */
export async function fetchNode(version: string): Promise<string> {
  const cache = path.join(projectFolder, '.cache');
  const binary = path.join(cache, `node-${version}`);
  if (existsSync(binary)) return binary;
  console.error(`Fetching Node ${version} with npm, once ...`);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'fetch-node-'));
  try {
    const name = `node-${process.platform}-${process.arch}@${version}`;
    await run('npm', ['pack', '--silent', '--pack-destination', folder, name], { cwd: projectFolder });
    const [archive = ''] = await readdir(folder);
    await run('tar', ['-xzf', path.join(folder, archive), '-C', folder, 'package/bin/node']);
    await rename(path.join(folder, 'package/bin/node'), binary);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return binary;
}
