import { ftruncateSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { ConfigurationError } from './environment.js';
import { openPrivate } from './private-file.js';

/**
 * Keeps a second instance off the same data; the result unlocks. The kernel holds the lock and releases it when the
 * process ends, however suddenly. The file only names the holder. It is never removed: that could remove the lock that
 * somebody else has just taken.
 */
export async function lockInstance(dataDir: string): Promise<() => Promise<void>> {
  const file = path.join(dataDir, 'start.lock');
  const handle = await openPrivate(file);
  if (!tryLock(handle.fd)) {
    await handle.close();
    const holder = (await readFile(file, 'utf8')) || '(unknown)';
    throw new ConfigurationError(
      `DATA_DIR: ${dataDir} is in use by process ${holder}\n  stop it, or choose another folder`,
    );
  }
  await handle.truncate();
  await handle.write(String(process.pid));
  const clear = () => ftruncateSync(handle.fd);
  process.once('exit', clear);
  return async () => {
    process.off('exit', clear);
    clear();
    await handle.close();
  };
}
