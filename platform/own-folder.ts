import { lstat } from 'node:fs/promises';
import { ConfigurationError } from './environment.js';

const WRITABLE_BY_OTHERS = 0o022;

/** Refuses a folder in which another user could have put, or could put, programs that we are about to run. */
export async function requireOwnFolder(folder: string, uid: number): Promise<void> {
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & WRITABLE_BY_OTHERS) === 0) return;
  throw new ConfigurationError(
    `${folder}: expected a folder that belongs to user ${uid} and that nobody else can write to; ` +
      'remove it, or set TMPDIR to another place',
  );
}
