import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { assets } from './assets.js';
import { buildDashboard } from './build-dashboard.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');

await buildDashboard(console.log);

for (const asset of assets) await cp(path.join(root, asset), path.join(dist, asset), { recursive: true });
await bundleCompiledWorkflows();

/** Bundles the compiled workflows where the compiled worker looks for them, so that no worker has to bundle. */
async function bundleCompiledWorkflows(): Promise<void> {
  const { workflowsPath, builtBundlePath } = (await import(
    path.join(dist, 'workers/worker.js')
  )) as typeof import('../workers/worker.js');
  const { bundleWorkflows } = (await import(
    path.join(dist, 'core/worker.js')
  )) as typeof import('../core/worker.js');
  const { code } = await bundleWorkflows(workflowsPath, new DefaultLogger('WARN'));
  await writeFile(builtBundlePath, code);
}
