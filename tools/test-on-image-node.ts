import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, versionOfImage } from './fetch-node.js';

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
