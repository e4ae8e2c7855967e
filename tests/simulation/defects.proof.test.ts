import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildPatched } from '../../core/simulation/build.js';
import { attackWith, THREAD } from '../../simulation/attack.js';
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

test('a patch that no longer fits its file is an error', async () => {
  const patch = { file: 'core/activity/outbox.ts', find: 'what is not there', replace: '' };
  await expect(buildPatched(THREAD, [patch])).rejects.toThrow(
    'core/activity/outbox.ts: expected to find once',
  );
});
