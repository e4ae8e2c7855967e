import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildDashboard } from '../../tools/build/dashboard.js';

const dist = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

test('the same sources are built once, and the page has no inline script or style', async () => {
  await buildDashboard(() => undefined);
  const said: string[] = [];
  await buildDashboard((line) => said.push(line));
  expect(said).toEqual([]);

  const page = await readFile(path.join(dist, 'index.html'), 'utf8');
  expect(page).toMatch(/<script type="module" crossorigin src="\/assets\/[^"]+\.js"><\/script>/);
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)/);
  expect(page).not.toMatch(/https?:/);
  const assets = await readdir(path.join(dist, 'assets'));
  expect(assets.filter((name) => !/-[\w-]{8}\.(js|css|svg|woff2)$/.test(name))).toEqual([]);
});
