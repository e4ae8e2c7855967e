import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.js';
import { services, type Service } from '../../schemas/services.js';
import { showHealth } from '../../workers/show-health.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'order-saga-'));
  file = path.join(folder, 'healthy');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Lets one beat happen, in a process with the workers of all services, of which these have these checks. */
async function beatOnce(found: Readonly<Partial<Record<Service, boolean>>>): Promise<boolean> {
  const stop = new AbortController();
  const check = (canWork: boolean) => () => (stop.abort(), Promise.resolve(canWork));
  const checks = Object.entries(found).map(
    ([service, canWork]) => [service as Service, check(canWork)] as const,
  );
  await showHealth(file, services, new Map(checks), createLogger('test', 'silent'), stop.signal);
  return readFile(file).then(
    () => true,
    () => false,
  );
}

const all = { order: true, payment: true, inventory: true, notification: true };

test('a process is healthy while all of its workers can work', async () => {
  expect(await beatOnce(all)).toBe(true);
});

test.each(services)('it is not while %s’s worker cannot work, or does not run yet', async (service) => {
  expect(await beatOnce({ ...all, [service]: false })).toBe(false);
  const others = Object.entries(all).filter(([name]) => name !== service);
  expect(await beatOnce(Object.fromEntries(others))).toBe(false);
});
