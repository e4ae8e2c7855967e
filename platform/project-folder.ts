import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, for the sources and for compiled code: the nearest one above with a package.json. */
export const projectFolder = nearestProject(path.dirname(fileURLToPath(import.meta.url)));

function nearestProject(folder: string): string {
  const above = path.dirname(folder);
  return folder === above || existsSync(path.join(folder, 'package.json')) ? folder : nearestProject(above);
}
