import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { until } from '../e2e/running-system.js';
import { freePort } from '../../platform/ports.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function hello(...args: readonly string[]) {
  const child = spawn('npm', ['run', '--silent', 'hello', '--', ...args], {
    cwd: root,
    env: { ...process.env, TEMPORAL_UI_PORT: String(await freePort()) },
    detached: true,
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, ended, output: () => output };
}

test('a parcel that fits is delivered', async () => {
  const { ended, output } = await hello('--exit');
  expect([await ended, output()]).toEqual([
    [0, null],
    expect.stringMatching(
      /A parcel of 30 cm is posted: [\da-f-]{36}\n\n {2}ParcelPostedEvent {2}courier -> locker {2}\(the request\)\n {2}ParcelStoredEvent {2}locker -> courier {2}\(after ParcelPostedEvent\)\n\ncourier: DELIVERED, locker: STORED\nTemporal Web UI: http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\?query=ParcelId%3D%22[\da-f-]{36}%22\n/,
    ),
  ]);
});

test('a parcel that does not fit is taken back; the Web UI stays until Ctrl-C', async () => {
  const { child, ended, output } = await hello('--size', '80');
  await until(() => output().includes('Ctrl-C stops everything.'), 60_000);
  expect(output()).toContain('  ParcelRefusedEvent  locker -> courier  (after ParcelPostedEvent)\n');
  expect(output()).toContain('\ncourier: RETURNED, locker: REFUSED\n');
  const [, url = ''] = /Temporal Web UI: (\S+)/.exec(output()) ?? [];
  expect((await fetch(url)).status).toBe(200);
  // A terminal sends Ctrl-C to the whole process group.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect([await ended, output()]).toEqual([[0, null], expect.stringMatching(/Stopping \.\.\.\n$/)]);
  await expect(fetch(url)).rejects.toThrow();
});
