import { stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 5_000;
/** Some beats may be missed, since the machine may be busy. */
const OLDEST_MS = 30_000;

/** Writes the file every few seconds for as long as the check holds, so that its age tells others. */
export async function keepHealthFile(
  file: string,
  check: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (await check()) await writeFile(file, new Date().toISOString());
    await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Throws, and says why, unless the file was written a moment ago. */
export async function checkHealthFile(file: string): Promise<void> {
  const { mtimeMs } = await stat(file);
  const age = Date.now() - mtimeMs;
  if (age > OLDEST_MS) throw new Error(`${file} was last written ${Math.round(age / 1_000)} s ago`);
}
