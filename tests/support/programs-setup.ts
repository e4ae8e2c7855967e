import { compilePrograms } from './programs.js';
import { findNode } from './program-node.js';
import { bundleForTests } from './shared-workflows.js';

/** For tests that run whole programs: compiles them, bundles the workflows and finds the Node to run them on, once. */
export default async function setUp(): Promise<() => Promise<void>> {
  const undo = await Promise.all([compilePrograms(), bundleForTests(), findNode()]);
  return async () => void (await Promise.all(undo.map((remove) => remove())));
}
