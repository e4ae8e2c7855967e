import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { dashboardFiles } from '../../api/dashboard-files.js';

let folder: string;
let server: Server;
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function serve(files: Readonly<Record<string, string>>): Promise<(path: string) => Promise<Response>> {
  // A dot, since a project may lie below a hidden folder.
  folder = await mkdtemp(path.join(tmpdir(), '.order-saga-dashboard-'));
  await mkdir(path.join(folder, 'assets'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  server = express().use(dashboardFiles(folder)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (asked) => fetch(`http://127.0.0.1:${port}${asked}`);
}

test('the page is always revalidated, and its assets are cached for ever', async () => {
  const get = await serve({ 'index.html': '<title>Order saga</title>', 'assets/index-abc.js': 'export {}' });
  const page = await get('/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const asset = await get('/assets/index-abc.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-type')).toContain('javascript');
});

test('assets are compressed', async () => {
  const script = `export const text = '${'saga '.repeat(1_000)}';`;
  const get = await serve({ 'index.html': 'page', 'assets/index-abc.js': script });
  const asset = await get('/assets/index-abc.js');
  expect(asset.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
  expect(await asset.text()).toBe(script);
});

test('nothing but the page and its assets is served', async () => {
  const get = await serve({ 'index.html': 'page', 'sources.sha256': 'secret' });
  for (const asked of [
    '/sources.sha256',
    '/index.html',
    '/assets/',
    '/assets/none.js',
    '/assets/..%2fsources.sha256',
  ])
    expect(`${asked} ${(await get(asked)).status}`).toBe(`${asked} 404`);
});

test('an unbuilt page is a 404 that says how to build it', async () => {
  const get = await serve({});
  const answer = await get('/');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('npm run build:dashboard');
});
