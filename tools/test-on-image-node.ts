import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '../platform/project-folder.js';
import { fetchNode, nodeVersionOfImage } from './image-node.js';

const serverLevels = ['.db.test', '.http.test', '.workflow.test', '.replay.test'];
const given = process.argv.slice(2);

/**
 * Runs the levels that need servers on the Node of the image; on another: `npm run test:node24 -- 26.12.1`; some of the
 * levels: `npm run test:node24 -- .workflow.test`.
 */
const version = given.find((word) => /^\d/.test(word)) ?? (await nodeVersionOfImage());
const chosen = given.filter((word) => word.startsWith('.'));
const levels = chosen.length > 0 ? chosen : serverLevels;
const node = await fetchNode(version);
const child = spawn(node, ['--import', 'tsx', path.join(projectFolder, 'tools/test.ts'), ...levels], {
  cwd: projectFolder,
  stdio: 'inherit',
  env: { ...process.env, TEST_RUNTIME: `Node ${version}` },
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
