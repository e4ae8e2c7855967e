import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const bridge = path.join('node_modules', '@temporalio', 'core-bridge', 'releases');

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** Builds the project, and puts into a folder what the Dockerfile puts into the image. */
export async function buildImage(folder: string): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  for (const name of ['package.json', 'dist']) await cp(name, path.join(folder, name), { recursive: true });
  for (const name of await productionPackages()) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(name, target, { recursive: true, filter: isForThisMachine });
  }
}

/** What `npm ci --omit=dev --omit=optional` installs, by the lock file; packages inside others come with them. */
async function productionPackages(): Promise<readonly string[]> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  return Object.entries(lock.packages).flatMap(([name, { dev, optional, devOptional }]) =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name) && !dev && !optional && !devOptional ? [name] : [],
  );
}

const isForThisMachine = (file: string): boolean => {
  const target = path.relative(bridge, file).split(path.sep)[0] ?? '';
  const arch = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? '';
  return target.startsWith('..') || target === '' || target.startsWith(arch);
};
