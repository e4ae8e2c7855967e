import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { changedLines, newFiles } from './patch.js';

const linesOf = (text: string): readonly string[] => text.split('\n');

test('a fifth service is at most 7 new files and 12 changed lines', async () => {
  expect((await newFiles()).length).toBeLessThanOrEqual(7);
  for (const { find, replace } of changedLines) {
    const old = linesOf(find);
    expect(linesOf(replace).filter((line) => !old.includes(line))).toHaveLength(1);
  }
  expect(changedLines.length).toBeLessThanOrEqual(12);
});

test('each changed line has its place in the sources as they are', () => {
  for (const { file, find } of changedLines)
    expect([file, readFileSync(file, 'utf8').split(find).length - 1]).toEqual([file, 1]);
});

test('the tutorial counts the same, names every file, and shows every line', async () => {
  const tutorial = readFileSync('docs/tutorial-fifth-service.md', 'utf8');
  expect(tutorial).toContain(
    `${(await newFiles()).length} new files and ${changedLines.length} changed lines`,
  );
  for (const name of await newFiles()) expect(tutorial).toContain(name);
  for (const { find, replace } of changedLines) {
    const old = linesOf(find);
    const [line = ''] = linesOf(replace).filter((candidate) => !old.includes(candidate));
    expect(tutorial).toContain(line.trim());
  }
});
