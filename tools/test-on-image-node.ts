import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const serverLevels = ['.db.test', '.http.test', '.workflow.test', '.replay.test'];
const given = process.argv.slice(2);

/**
 * Runs the levels that need servers on the Node of the image; on another: `npm run test:node24 -- 26.12.1`; some of the
 * levels: `npm run test:node24 -- .workflow.test`.
 */
const version = given.find((word) => /^\d/.test(word)) ?? (await versionOfImage());
const chosen = given.filter((word) => word.startsWith('.'));
const levels = chosen.length > 0 ? chosen : serverLevels;
const node = await fetchNode(version);
const child = spawn(node, ['--import', 'tsx', path.join(root, 'tools/test.ts'), ...levels], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TEST_RUNTIME: `Node ${version}` },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;

async function versionOfImage(): Promise<string> {
  const dockerfile = await readFile(path.join(root, 'Dockerfile'), 'utf8');
  const [, found] = /^FROM node:(\d+\.\d+\.\d+)/m.exec(dockerfile) ?? [];
  if (found === undefined) throw new Error('the Dockerfile names no version of Node');
  return found;
}

/** The binary as npm distributes it, once for each version; npm checks its hash. */
async function fetchNode(wanted: string): Promise<string> {
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
