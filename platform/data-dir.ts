import path from 'node:path';
import type { Environment } from './environment.js';
import { projectFolder } from './project-folder.js';

/** Where the embedded parts keep their data, and where an `npm start` is found: DATA_DIR, or `.data` in the project. */
export function dataDirIn({ DATA_DIR = '' }: Environment): string {
  return path.resolve(DATA_DIR === '' ? path.join(projectFolder, '.data') : DATA_DIR);
}
