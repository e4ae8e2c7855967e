import { lstat } from 'node:fs/promises';
import { ConfigurationError } from './environment.js';

const WRITABLE_BY_OTHERS = 0o022;

/** Refuses a folder that another user can write to, or could have: we are about to run programs in it. */
export async function requireOwnFolder(folder: string, uid: number): Promise<void> {
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & WRITABLE_BY_OTHERS) === 0) return;
  throw new ConfigurationError(
    `${folder}: expected a folder that belongs to user ${uid} and that nobody else can write to\n` +
      '  remove it, or set TMPDIR to another place',
  );
}
