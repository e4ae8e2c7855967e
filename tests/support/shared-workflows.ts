import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { findTestServer } from '../../platform/temporal-binary.js';
import { payloadConverterPath, workflowsPath } from '../../workers/worker.js';

const silent = () => undefined;
const quiet = {
  log: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: console.warn,
  error: console.error,
};

/** Bundles the workflows once (TEST_WORKFLOW_BUNDLE) and finds the time-skipping server (TEST_SERVER_PATH). */
export async function prepareWorkflows(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'order-saga-bundle-'));
  const bundle = path.join(folder, 'workflows.js');
  const { code } = await bundleWorkflowCode({ workflowsPath, payloadConverterPath, logger: quiet });
  await writeFile(bundle, code);
  process.env['TEST_WORKFLOW_BUNDLE'] = bundle;
  process.env['TEST_SERVER_PATH'] = await findTestServer((line) => void process.stderr.write(`${line}\n`));
  return () => rm(folder, { recursive: true, force: true });
}
