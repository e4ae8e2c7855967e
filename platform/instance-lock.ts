import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationError } from './environment.js';

/** Keeps a second instance off the same data. The lock of a process that is gone is taken over. */
export async function lockInstance(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'start.lock');
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  if (holder > 0 && isAlive(holder))
    throw new ConfigurationError(
      `DATA_DIR: ${dataDir} is in use by process ${holder}; stop it or choose another folder`,
    );
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
