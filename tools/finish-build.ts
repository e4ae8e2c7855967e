import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { buildDashboard } from './build-dashboard.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');

/** What the compiled program reads at run time, at the same place below `dist`. */
const assets = ['db/migrations', 'schemas/avro', 'dashboard/dist', 'platform/guardian.sh'];

await buildDashboard(console.log);

for (const asset of assets) await cp(path.join(root, asset), path.join(dist, asset), { recursive: true });
await bundleWorkflows();

/** From the compiled workflows, and to where the compiled worker looks, so that no worker has to bundle. */
async function bundleWorkflows(): Promise<void> {
  const compiled = path.join(dist, 'workers/worker.js');
  const { workflowsPath, payloadConverterPath, builtBundlePath } = (await import(
    compiled
  )) as typeof import('../workers/worker.js');
  const logger = new DefaultLogger('WARN');
  const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger });
  await writeFile(builtBundlePath, code);
}
