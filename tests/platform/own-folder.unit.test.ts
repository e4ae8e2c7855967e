import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigurationError } from '../../platform/environment.js';
import { requireOwnFolder } from '../../platform/own-folder.js';

const { uid } = userInfo();

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes something under a name that others could guess. */
const inFolder = async (make: (name: string) => Promise<unknown>): Promise<string> => {
  const name = path.join(folder, 'programs');
  await make(name);
  return name;
};

test('a folder of our own that others can read is taken', async () => {
  const own = await inFolder((name) => mkdir(name, 0o755));
  await expect(requireOwnFolder(own, uid)).resolves.toBeUndefined();
});

test.each([
  ['that its group can write to', (name: string) => mkdir(name).then(() => chmod(name, 0o775))],
  ['that everybody can write to', (name: string) => mkdir(name).then(() => chmod(name, 0o757))],
  ['that is a link to one of ours', (name: string) => symlink(folder, name)],
  ['that is a file', (name: string) => writeFile(name, '')],
])('a folder %s is refused', async (_, make) => {
  const planted = await inFolder(make);
  await expect(requireOwnFolder(planted, uid)).rejects.toThrow(ConfigurationError);
  await expect(requireOwnFolder(planted, uid)).rejects.toThrow(
    `${planted}: expected a folder that belongs to`,
  );
});

test('a folder that belongs to another user is refused', async () => {
  const planted = await inFolder((name) => mkdir(name, 0o755));
  await expect(requireOwnFolder(planted, uid + 1)).rejects.toThrow(`belongs to user ${uid + 1}`);
});
