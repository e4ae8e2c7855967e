import { access, constants, mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationError, fault, type Environment } from './environment.js';
import { projectFolder } from './project-folder.js';

/** In bytes: the data of a first start takes a quarter of it. */
const ROOM = 200 * 1_024 ** 2;

/** Where the embedded parts keep their data, and where an `npm start` is found: DATA_DIR, or `.data` in the project. */
export function dataDirIn({ DATA_DIR = '' }: Environment): string {
  return path.resolve(DATA_DIR === '' ? path.join(projectFolder, '.data') : DATA_DIR);
}

/** Creates the folder if it is missing; throws a ConfigurationError unless it can be written to and has room. */
export async function requireDataDir(dataDir: string, room = ROOM): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    await access(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      fault('DATA_DIR', 'a folder that can be written to', `${code} at ${dataDir}`),
    );
  }
  await requireRoom(dataDir, room);
}

async function requireRoom(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const room = bavail * bsize;
  if (room >= needed) return;
  const found = `${megabytes(room)} in ${folder}; make room, or choose another folder`;
  throw new ConfigurationError(fault('DATA_DIR', `a folder with ${megabytes(needed)} of room`, found));
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_024 ** 2)} MB`;
