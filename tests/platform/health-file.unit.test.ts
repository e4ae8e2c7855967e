import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkHealthFile, keepHealthFile } from '../../platform/health-file.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'));
  file = path.join(folder, 'healthy');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Lets one beat happen, with this outcome of the check. */
async function beatOnce(outcome: boolean): Promise<void> {
  const stop = new AbortController();
  const check = () => {
    stop.abort();
    return Promise.resolve(outcome);
  };
  await keepHealthFile(file, check, stop.signal);
}

test('a file that a passing check has just written is young', async () => {
  await beatOnce(true);
  await expect(checkHealthFile(file)).resolves.toBeUndefined();
});

test('a failing check writes nothing', async () => {
  await beatOnce(false);
  await expect(stat(file)).rejects.toThrow('ENOENT');
  await expect(checkHealthFile(file)).rejects.toThrow('ENOENT');
});

test('a file that was not written for a while is old, and that is said; a beat makes it young again', async () => {
  await writeFile(file, '');
  const minuteAgo = Date.now() / 1_000 - 60;
  await utimes(file, minuteAgo, minuteAgo);
  await beatOnce(false);
  await expect(checkHealthFile(file)).rejects.toThrow(/healthy was last written 60 s ago/);
  await beatOnce(true);
  await expect(checkHealthFile(file)).resolves.toBeUndefined();
});

test('a file that cannot be written is an error', async () => {
  const nowhere = path.join(folder, 'no such folder', 'healthy');
  await expect(
    keepHealthFile(nowhere, () => Promise.resolve(true), new AbortController().signal),
  ).rejects.toThrow('ENOENT');
});
