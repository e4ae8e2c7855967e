import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { assets } from './assets.js';
import { buildDashboard } from './build-dashboard.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');

await buildDashboard(console.log);

for (const asset of assets) await cp(path.join(root, asset), path.join(dist, asset), { recursive: true });
await bundleWorkflows();

/** Bundles the compiled workflows where the compiled worker looks for them, so that no worker has to bundle. */
async function bundleWorkflows(): Promise<void> {
  const compiled = path.join(dist, 'workers/worker.js');
  const { workflowsPath, payloadConverterPath, builtBundlePath } = (await import(
    compiled
  )) as typeof import('../workers/worker.js');
  const logger = new DefaultLogger('WARN');
  const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
  await writeFile(builtBundlePath, code);
}
