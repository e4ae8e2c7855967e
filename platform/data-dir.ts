import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.js';

const above = fileURLToPath(new URL('..', import.meta.url));
/** Compiled, this file is one folder further below the project's own. */
const project = existsSync(path.join(above, 'package.json')) ? above : path.dirname(path.resolve(above));

/** Where the embedded parts keep their data, and where an `npm start` is found: DATA_DIR, or `.data` in the project. */
export function dataDirIn({ DATA_DIR = '' }: Environment): string {
  return path.resolve(DATA_DIR === '' ? path.join(project, '.data') : DATA_DIR);
}
