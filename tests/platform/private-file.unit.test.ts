import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockInstance } from '../../platform/instance-lock.js';
import { appendPrivate, writePrivate } from '../../platform/private-file.js';

let folder: string;
let victim: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'private-file-'));
  [victim, file] = [path.join(folder, 'victim'), path.join(folder, 'file')];
  await writeFile(victim, 'untouched');
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (one: string) => ((await stat(one)).mode & 0o777).toString(8);

test('what is written is for its owner alone, also where there was a file that all could read', async () => {
  await writeFile(file, 'before', { mode: 0o644 });
  await writePrivate(file, 'after');
  expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['after', '600']);
  await appendPrivate(path.join(folder, 'log'), 'one\n');
  await appendPrivate(path.join(folder, 'log'), 'two\n');
  expect(await readFile(path.join(folder, 'log'), 'utf8')).toBe('one\ntwo\n');
  expect(await modeOf(path.join(folder, 'log'))).toBe('600');
});

test('a link is replaced where a file is written, and what it leads to stays as it is', async () => {
  await symlink(victim, file);
  await writePrivate(file, 'secret');
  expect([await readFile(victim, 'utf8'), await readFile(file, 'utf8')]).toEqual(['untouched', 'secret']);
});

test('a link is refused where a file is appended to or locked', async () => {
  await symlink(victim, file);
  await expect(appendPrivate(file, 'secret')).rejects.toMatchObject({ code: 'ELOOP' });
  await symlink(victim, path.join(folder, 'start.lock'));
  await expect(lockInstance(folder)).rejects.toMatchObject({ code: 'ELOOP' });
  expect(await readFile(victim, 'utf8')).toBe('untouched');
});

test('a file that cannot be written leaves nothing beside it', async () => {
  await rm(victim);
  const target = path.join(folder, 'a folder');
  await expect(writePrivate(path.join(target, 'file'), 'text')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(writePrivate(folder, 'text')).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
  await expect(readdir(path.dirname(folder))).resolves.not.toContainEqual(
    expect.stringContaining(`${path.basename(folder)}.`),
  );
});
