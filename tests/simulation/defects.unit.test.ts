import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attackWith } from '../../simulation/attack.js';
import { buildThread } from '../../core/simulation/build.js';
import { defects } from '../../simulation/defects.js';

test.each(defects)('caught: $name', { timeout: 300_000 }, async (defect) => {
  const { caught } = await attackWith(defect);
  expect(caught?.rule).toMatch(/\w/);
});

test('the documents list these defects, at least 20 of them', () => {
  const table = readFileSync(new URL('../../docs/seeded-defects.md', import.meta.url), 'utf8');
  const listed = [...table.matchAll(/^\| (.+?) \| .+ \| [\d,]+ \|$/gm)].map(([, name]) => name);
  expect(listed).toEqual(defects.map(({ name }) => name));
  expect(defects.length).toBeGreaterThanOrEqual(20);
});

test('a patch that does not fit its file any more is an error', async () => {
  const patch = { file: 'activities/publish.ts', find: 'what is not there', replace: '' };
  await expect(buildThread([patch])).rejects.toThrow('activities/publish.ts: expected to find once');
});
