import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleSources } from '../../bin/workflow-bundle.js';

/** Bundles the workflows once for the whole run (TEST_WORKFLOW_BUNDLE); returns what removes the bundle. */
export async function bundleForTests(): Promise<() => Promise<void>> {
  // More than one of the setups needs it.
  if (process.env['TEST_WORKFLOW_BUNDLE'] !== undefined) return () => Promise.resolve();
  const folder = await mkdtemp(path.join(tmpdir(), 'order-saga-bundle-'));
  const bundle = path.join(folder, 'workflows.js');
  process.env['TEST_WORKFLOW_BUNDLE'] = bundle;
  await writeFile(bundle, await bundleSources());
  return () => rm(folder, { recursive: true, force: true });
}
