import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The variables that a process was started with which hold a URL with a password, but for the tests' own; Linux only. */
export async function passwordsOf(pid: number): Promise<readonly string[]> {
  const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  return environment
    .filter((entry) => !entry.startsWith('TEST_') && /:\/\/[^/@]+:[^/@]+@/.test(entry))
    .map((entry) => entry.slice(0, entry.indexOf('=')))
    .sort();
}

/** What others than its owner can read, write or list below a folder: paths from there. */
export async function openToOthers(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const { mode, ...info } = await stat(path.join(folder, entry));
      // Nobody gets to what lies in a folder that is closed.
      if ((mode & 0o077) !== 0) return [entry];
      return info.uid === process.getuid?.() || entry === 'postgres' ? [] : [`${entry}, of user ${info.uid}`];
    }),
  );
  return found.flat();
}
