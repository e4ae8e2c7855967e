import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder as root } from '../../platform/project-folder.js';

const dist = path.join(root, 'dashboard/dist');
const HASH_FILE = 'sources.sha256';

/** Builds the dashboard, unless it is up to date. */
export async function buildDashboard(say: (line: string) => void): Promise<void> {
  const hash = await hashSources();
  const builtFrom = await readFile(path.join(dist, HASH_FILE), 'utf8').catch(() => undefined);
  if (builtFrom === hash) return;
  say(
    builtFrom === undefined ? 'Building the dashboard' : 'Rebuilding the dashboard: its sources have changed',
  );
  // Loaded only if there is something to build.
  const { build } = await import('vite');
  const fresh = `${dist}-${process.pid}`;
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: fresh },
  });
  await writeFile(path.join(fresh, HASH_FILE), hash);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...(await sourceFiles()), 'vite.config.ts', 'package-lock.json'])
    hash.update(file).update(await readFile(path.join(root, file)));
  return hash.digest('hex');
}

/** The page's own files, and those of `schemas/`, which it shares with the services. */
async function sourceFiles(): Promise<readonly string[]> {
  const own = await readdir(path.join(root, 'dashboard'), { recursive: true, withFileTypes: true });
  const shared = await readdir(path.join(root, 'schemas'), { withFileTypes: true });
  return [...own, ...shared]
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('dashboard/dist'))
    .sort();
}
