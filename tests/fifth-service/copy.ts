import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileAll } from '../../tools/build/compile.js';
import { addFifthService } from './patch.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Made by builds and tests, or too large to copy for nothing. */
const leftOut =
  /^(\.git|\.cache|\.data|dist|node_modules|coverage|dashboard\/dist.*|tests\/histories|docs\/images)$/;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** The project with a fifth service, below `.cache`; it shares the packages of the original. */
export class CopyOfTheProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<CopyOfTheProject> {
    const cache = path.join(root, '.cache');
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(path.join(cache, 'fifth-service-'));
    for (const name of await readdir(root))
      if (!leftOut.test(name))
        await cp(path.join(root, name), path.join(folder, name), {
          recursive: true,
          filter: (source) => !leftOut.test(path.relative(root, source)),
        });
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    await addFifthService(folder);
    return new CopyOfTheProject(folder);
  }

  /** Builds the copy as it is now, and compiles all programs; what Node needs to run one, such as `bin/start`. */
  async compiled(program: string): Promise<string> {
    const folder = path.join(this.folder, '.cache/programs');
    const { code, output } = await this.run('--import', 'tsx', 'tools/build.ts');
    if (code !== 0) throw new Error(`npm run build failed: ${output}`);
    await compileAll(this.folder, folder);
    return path.join(folder, `${program}.js`);
  }

  /** Runs a program of the project, or of one of its packages, to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    const options = { cwd: this.folder, maxBuffer: 64 * 1_024 * 1_024 };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [...args], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
      );
    });
  }

  async edit(file: string, find: string, replace: string): Promise<void> {
    const text = await readFile(path.join(this.folder, file), 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${file}: expected to find once: ${find}`);
    await writeFile(
      path.join(this.folder, file),
      text.replace(find, () => replace),
    );
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
