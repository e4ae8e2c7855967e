import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { provideBundle } from '../bin/workflow-bundle.js';
import { projectFolder } from '../platform/project-folder.js';
import { compile } from './build/compile.js';
import { buildDashboard } from './build/dashboard.js';
import { imagePrograms } from './build/image-programs.js';

new Command('build')
  .description('Compiles the programs of the image, the page and the workflows to dist/. Checks no types.')
  .parse();

const folder = path.join(projectFolder, 'dist');
await rm(folder, { recursive: true, force: true });
await buildDashboard(console.log);
await compile({ root: projectFolder, programs: imagePrograms, folder, assets: 'copy' });
// Where the compiled worker looks for them, so that it does not have to bundle.
await copyFile(await provideBundle(), path.join(folder, 'workflows/bundle.js'));
