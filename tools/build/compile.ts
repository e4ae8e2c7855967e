import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';

/** What compiled code reads at run time, at the same place relative to it. */
const assets = ['db/migrations', 'schemas/avro', 'dashboard/dist', 'platform/guardian.sh'] as const;

/** Modules that are loaded by their path, so that no import leads to them. */
const loadedByPath = [
  'core/workflow/interceptors',
  'core/workflow/payload-converter',
  'workflows/index',
] as const;

export interface Compilation {
  /** The project's folder. */
  readonly root: string;
  /** Names such as `bin/worker`. */
  readonly programs: readonly string[];
  readonly folder: string;
  /** `link` where the folder does not outlive the project's. */
  readonly assets: 'copy' | 'link';
}

/**
 * Compiles programs and what they import, each module to a file of its own, so that paths relative to a module stay. Types
 * are not checked; `npm run types` does that.
 */
export async function compile({ root, programs, folder, assets: how }: Compilation): Promise<void> {
  const entryPoints = [...programs, ...loadedByPath].map((name) => `${name}.ts`);
  const options: BuildOptions = {
    absWorkingDir: root,
    outbase: root,
    outdir: folder,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  };
  const reach = { bundle: true, packages: 'external', metafile: true, write: false } as const;
  const { metafile } = await build({ ...options, ...reach, entryPoints });
  await build({ ...options, entryPoints: Object.keys(metafile.inputs) });
  for (const asset of assets.filter((name) => existsSync(path.join(root, name))))
    await bring(path.join(root, asset), path.join(folder, asset), how);
}

/** The benchmark, with what it loads by its path. */
const benchmark = ['bench', 'orchestrated/worker', 'orchestrated/workflows', 'outbox/worker'].map(
  (name) => `benchmark/${name}`,
);

/** Compiles every program of the project in `root`: compiled, a worker starts in half the time. */
export async function compileAll(root: string, folder: string): Promise<void> {
  const programs = [...(await modulesIn(root, 'bin')), ...(await modulesIn(root, 'tools')), ...benchmark];
  await compile({ root, programs, folder, assets: 'link' });
}

const modulesIn = async (root: string, name: string): Promise<readonly string[]> =>
  (await readdir(path.join(root, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${name}/${path.basename(file, '.ts')}`);

async function bring(from: string, to: string, how: Compilation['assets']): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await (how === 'copy' ? cp(from, to, { recursive: true }) : symlink(from, to));
}
