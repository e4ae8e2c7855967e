import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';

/** Only its owner can read it. */
const PRIVATE = 0o600;

/**
 * Writes a file that only its owner can read, all of it or nothing. What lies under that name before, perhaps a link
 * that somebody else has put there, is replaced and not followed.
 */
export async function writePrivate(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { mode: PRIVATE, flag: 'wx' });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Opens a file to read and append to, and creates it if there is none; fails with ELOOP where it is a link. */
export const openPrivate = (file: string): Promise<FileHandle> =>
  open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, PRIVATE);

/** Appends to a file that only its owner can read. */
export async function appendPrivate(file: string, text: string): Promise<void> {
  const handle = await openPrivate(file);
  await handle.appendFile(text).finally(() => handle.close());
}
