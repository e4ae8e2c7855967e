import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WakeUp } from '../../db/feed/wake-up.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function sleeping(wakeUp: WakeUp) {
  let isAwake = false;
  void wakeUp.sleep(1_000).then(() => (isAwake = true));
  return async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return isAwake;
  };
}

test('a sleeper wakes when the time is over', async () => {
  const isAwakeAfter = sleeping(new WakeUp());
  expect([await isAwakeAfter(999), await isAwakeAfter(1)]).toEqual([false, true]);
});

test('a signal wakes a sleeper, and leaves no timer behind', async () => {
  const wakeUp = new WakeUp();
  const isAwakeAfter = sleeping(wakeUp);
  wakeUp.signal();
  expect(await isAwakeAfter(0)).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a signal that comes while nobody sleeps is for the next sleep, and for no other', async () => {
  const wakeUp = new WakeUp();
  wakeUp.signal();
  expect(await sleeping(wakeUp)(0)).toBe(true);
  expect(await sleeping(wakeUp)(999)).toBe(false);
});
