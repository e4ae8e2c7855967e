import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, for at most so many milliseconds. Unlike vitest's own, it works in programs too. */
export async function until(holds: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms: ${holds.toString()}`);
    await sleep(20);
  }
}

/** Tries until it does not throw. */
export async function untilItWorks(attempt: () => Promise<unknown>, patienceMs = 60_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
