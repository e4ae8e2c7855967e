import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** The version of Node that the image has. */
export async function versionOfImage(): Promise<string> {
  const dockerfile = await readFile(path.join(root, 'Dockerfile'), 'utf8');
  const [, found] = /^FROM node:(\d+\.\d+\.\d+)/m.exec(dockerfile) ?? [];
  if (found === undefined) throw new Error('the Dockerfile names no version of Node');
  return found;
}

/** The path of a binary of Node as npm distributes it, fetched once for each version; npm checks its hash. */
export async function fetchNode(wanted: string): Promise<string> {
  const cache = path.join(root, '.cache');
  const binary = path.join(cache, `node-${wanted}`);
  if (existsSync(binary)) return binary;
  console.log(`Fetching Node ${wanted} with npm, once ...`);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'node-'));
  try {
    const name = `node-${process.platform}-${process.arch}@${wanted}`;
    await run('npm', ['pack', '--silent', '--pack-destination', folder, name], { cwd: root });
    const [archive = ''] = await readdir(folder);
    await run('tar', ['-xzf', path.join(folder, archive), '-C', folder, 'package/bin/node']);
    await rename(path.join(folder, 'package/bin/node'), binary);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return binary;
}
