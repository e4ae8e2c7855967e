import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A small change of one file, which makes the code wrong. */
export interface Patch {
  /** Relative to the project's folder. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Built {
  readonly file: string;
  remove(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds a module from the project's own sources, with the patches applied on the way; no source file changes.
 * `entry` is relative to the project's folder. Rejects where a patch no longer fits its file.
 */
export async function buildPatched(entry: string, patches: readonly Patch[]): Promise<Built> {
  await mkdir(path.join(root, '.cache'), { recursive: true });
  const folder = await mkdtemp(path.join(root, '.cache', 'patched-'));
  const file = path.join(folder, 'built.mjs');
  const remove = () => rm(folder, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(root, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'patches',
        setup: (esbuild) => {
          esbuild.onLoad({ filter: /[.]ts$/ }, async ({ path: source }) => ({
            contents: located(patched(await readFile(source, 'utf8'), source, patches), source),
            loader: 'ts',
          }));
        },
      },
    ],
  }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return { file, remove };
}

function patched(code: string, source: string, patches: readonly Patch[]): string {
  return patches
    .filter(({ file }) => path.join(root, file) === source)
    .reduce((result, { file, find, replace }) => {
      if (result.split(find).length !== 2) throw new Error(`${file}: expected to find once: ${find}`);
      return result.replace(find, () => replace);
    }, code);
}

/** A bundle lies elsewhere than its sources, some of which look for files beside them. */
const located = (code: string, source: string): string =>
  code.replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(source).href));
