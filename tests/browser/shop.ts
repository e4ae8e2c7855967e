import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { RunningSystem } from '../e2e/running-system.js';
import { launchChromium } from './chromium.js';

/** What the suites of a test file share. */
export let system: RunningSystem;
export let browser: Browser;

/** Starts a system and a browser before the tests of a file, and ends them afterwards. */
export function openShop(settings: NodeJS.ProcessEnv = {}, ...args: readonly string[]): void {
  beforeAll(async () => {
    system = await RunningSystem.prepare(settings);
    [browser] = await Promise.all([launchChromium(), system.start(...args)]);
  });
  afterAll(async () => {
    await browser.close();
    await system.remove();
  });
}
