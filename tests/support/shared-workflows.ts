import { provideBundle } from '../../bin/workflow-bundle.js';

let bundle: Promise<string> | undefined;

/** The bundled workflows for the whole run (TEST_WORKFLOW_BUNDLE); more than one of the setups needs them. */
export async function bundleForTests(): Promise<() => Promise<void>> {
  process.env['TEST_WORKFLOW_BUNDLE'] = await (bundle ??= provideBundle());
  return () => Promise.resolve();
}
