import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** `.ts` where the sources run, `.js` where they were compiled. */
const extension = path.extname(import.meta.url);

/** The code of the orchestrated contenders' workflows. */
export async function bundleBenchmark(): Promise<string> {
  const workflowsPath = fileURLToPath(new URL(`../orchestrated/workflows${extension}`, import.meta.url));
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  return code;
}
