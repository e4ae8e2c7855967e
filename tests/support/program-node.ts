import { fetchNode, nodeVersionOfImage } from '../../tools/image-node.js';

/**
 * Whole programs run on the Node of the image (TEST_PROGRAM_NODE): everything else runs on the one that runs the tests, and
 * programs start there in two thirds of the time. Where it cannot be fetched, they run on the one that is there.
 */
export async function findNode(): Promise<() => Promise<void>> {
  process.env['TEST_PROGRAM_NODE'] ??= await fetchNode(await nodeVersionOfImage()).catch((error: unknown) => {
    console.error('Programs are tested on this Node, since the one of the image cannot be fetched:', error);
    return process.execPath;
  });
  return () => Promise.resolve();
}

/** The path of the Node that runs whole programs. */
export const programNode = (): string => process.env['TEST_PROGRAM_NODE'] ?? process.execPath;

/** What a program is given that shall know no more than it is told. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, NODE_COMPILE_CACHE };
}
