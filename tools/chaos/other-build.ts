import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../../platform/project-folder.js';
import { compile } from '../build/compile.js';
import { programNames, type Build } from './system.js';

const run = promisify(execFile);

/** Compiles the project as it was at a commit, with the packages of now. Kept below `.cache`. */
export async function buildCommit(ref: string): Promise<Build & { readonly commit: string }> {
  const { stdout } = await git('rev-parse', '--short', `${ref}^{commit}`);
  const commit = stdout.trim();
  const folder = path.join(projectFolder, '.cache', `version-${commit}`);
  const build = {
    commit,
    programs: path.join(folder, 'programs'),
    workflowBundle: path.join(folder, 'bundle.js'),
  };
  if (existsSync(build.workflowBundle)) return build;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const archive = `${folder}.tar`;
  await git('archive', '--output', archive, commit);
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
  await symlink(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
  await compile({ root: folder, programs: programNames, folder: build.programs, assets: 'link' });
  await bundleWorkflowsOf(folder, build.workflowBundle);
  return build;
}

/** By that version's own code. */
async function bundleWorkflowsOf(folder: string, file: string): Promise<void> {
  const script = `
    import { writeFileSync } from 'node:fs';
    import { bundleWorkflows } from ${JSON.stringify(path.join(folder, 'core/worker.ts'))};
    const { code } = await bundleWorkflows(${JSON.stringify(path.join(folder, 'workflows/index.ts'))});
    writeFileSync(${JSON.stringify(file)}, code);`;
  await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: folder });
}

const git = (...args: readonly string[]) => run('git', [...args], { cwd: projectFolder });
