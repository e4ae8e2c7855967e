import { stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 5_000;
/** Five beats may be missed: the machine may be busy. */
const OLDEST_MS = 30_000;

/** Writes the file every few seconds for as long as the check holds, so that others can tell by its age. */
export async function keepHealthFile(
  file: string,
  check: () => Promise<boolean>,
  signal: AbortSignal,
  onChange: (isHealthy: boolean) => void = () => undefined,
): Promise<void> {
  let wasHealthy: boolean | undefined;
  while (!signal.aborted) {
    const isHealthy = await check();
    if (isHealthy) await writeFile(file, new Date().toISOString());
    if (isHealthy !== wasHealthy) onChange(isHealthy);
    wasHealthy = isHealthy;
    await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Throws, with the reason, unless the file was written within the last 30 s. */
export async function checkHealthFile(file: string): Promise<void> {
  const { mtimeMs } = await stat(file);
  const age = Date.now() - mtimeMs;
  if (age > OLDEST_MS) throw new Error(`${file} was last written ${Math.round(age / 1_000)} s ago`);
}
