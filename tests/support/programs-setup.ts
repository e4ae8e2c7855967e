import { provideCompiledPrograms } from './programs.js';
import { bundleForTests } from './shared-workflows.js';

/** For tests that run whole programs: compiles them and bundles the workflows, once for the whole run. */
export default async function setUp(): Promise<() => Promise<void>> {
  const undo = await Promise.all([provideCompiledPrograms(), bundleForTests()]);
  return async () => void (await Promise.all(undo.map((remove) => remove())));
}
