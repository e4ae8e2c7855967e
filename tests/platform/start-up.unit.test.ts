import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changesOfState } from '../../platform/changes-of-state.js';
import type { Logger } from '../../platform/logger.js';
import { lockInstance } from '../../platform/instance-lock.js';
import { choosePort } from '../../platform/ports.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await use((server.address() as AddressInfo).port);
  await new Promise((resolve) => server.close(resolve));
}

test('a default port that is taken is replaced, and that is said', () =>
  withTakenPort(async (taken) => {
    const said: string[] = [];
    const port = await choosePort('API_PORT', taken, {}, (line) => said.push(line));
    expect(port).not.toBe(taken);
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`Port ${taken} is taken, using ${port} .*API_PORT`)),
    ]);
  }));

test('a port that was asked for and is taken is an error that names the variable', () =>
  withTakenPort(async (taken) => {
    const env = { API_PORT: String(taken) };
    await expect(choosePort('API_PORT', 3_000, env, () => undefined)).rejects.toThrow(
      /^API_PORT: expected a free port .*\n {2}found that port \d+ is taken/,
    );
  }));

test.each(['0', '65536', 'http', '3.5'])('API_PORT=%s is refused', async (given) => {
  await expect(choosePort('API_PORT', 3_000, { API_PORT: given }, () => undefined)).rejects.toThrow(
    `API_PORT: expected a port number from 1 to 65535\n  found "${given}"`,
  );
});

test('a second instance on the same data is refused, with the process that holds it', async () => {
  const unlock = await lockInstance(folder);
  await expect(lockInstance(folder)).rejects.toThrow(`is in use by process ${process.pid}`);
  await unlock();
  await (
    await lockInstance(folder)
  )();
});

test('of ten instances that start at once, one gets the data', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => lockInstance(folder)));
  const locked = attempts.filter((attempt) => attempt.status === 'fulfilled');
  expect(locked).toHaveLength(1);
  await locked[0]?.value();
});

test('a lock that was never released holds nobody off, even when its process id is in use again', async () => {
  await writeFile(path.join(folder, 'start.lock'), String(process.ppid));
  const unlock = await lockInstance(folder);
  await expect(lockInstance(folder)).rejects.toThrow(`is in use by process ${process.pid}`);
  await unlock();
});

test('the lock ends with its process, even when that is killed', async () => {
  const holder = spawn(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '-e'],
    `import { lockInstance } from ${JSON.stringify(new URL('../../platform/instance-lock.ts', import.meta.url).href)};
     globalThis.unlock = await lockInstance(${JSON.stringify(folder)});
     setInterval(() => undefined, 1000);
     console.log('locked');`,
  ]);
  await once(holder.stdout, 'data');
  await expect(lockInstance(folder)).rejects.toThrow(`is in use by process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (
    await lockInstance(folder)
  )();
});

test('one line when something goes away, one when it is back', () => {
  const lines: string[] = [];
  const log = {
    warn: (_: object, line: string) => lines.push(`warn ${line}`),
    info: (line: string) => lines.push(`info ${line}`),
  } as unknown as Logger;
  const report = changesOfState(log, 'Temporal');
  const broken = new Error('refused');
  for (const state of [undefined, broken, broken, broken, undefined, undefined, broken]) report(state);
  expect(lines).toEqual([
    'warn Temporal cannot be reached; trying again until it can',
    'info Temporal is back',
    'warn Temporal cannot be reached; trying again until it can',
  ]);
});
