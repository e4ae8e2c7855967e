import { afterEach, expect, test, vi } from 'vitest';
import { keepSweeping, type Pause } from '../../core/sweep/keep-sweeping.js';

afterEach(() => vi.restoreAllMocks());

/** Sweeps as often as there are ends, with pauses that take no time. */
async function sweepThrough(ends: readonly (boolean | Error)[], random: number) {
  vi.spyOn(Math, 'random').mockReturnValue(random);
  const left = [...ends];
  const over = new AbortController();
  const pauses: number[] = [];
  const states: unknown[] = [];
  const sweep = () => {
    const end = left.shift();
    if (left.length === 0) over.abort();
    return end instanceof Error ? Promise.reject(end) : Promise.resolve(end ?? false);
  };
  const pause: Pause = (ms) => Promise.resolve(void pauses.push(ms));
  await keepSweeping(sweep, { intervalMs: 10_000 }, (error) => states.push(error), over.signal, pause);
  return { pauses, states };
}

test.each([
  [0, [0, 5_000, 5_000]],
  [0.5, [5_000, 10_000, 10_000]],
  [0.99, [9_900, 14_900, 14_900]],
])('with %f by chance, the pauses before and after two sweeps are %j ms', async (random, expected) => {
  expect((await sweepThrough([false, false], random)).pauses).toEqual(expected);
});

test('where there is more to do, the next sweep comes after a second', async () => {
  expect((await sweepThrough([true, true, false], 0.5)).pauses).toEqual([5_000, 1_000, 1_000, 10_000]);
});

test('a sweep that fails is told of, and the next one comes all the same', async () => {
  const away = new Error('away');
  const { states, pauses } = await sweepThrough([away, away, true], 0.5);
  expect(states).toEqual([away, away, undefined]);
  expect(pauses).toEqual([5_000, 10_000, 10_000, 1_000]);
});

test('the next sweep waits for the end of this one', async () => {
  const over = new AbortController();
  let atOnce = 0;
  let most = 0;
  let sweeps = 0;
  const sweep = async () => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    atOnce--;
    if (++sweeps === 3) over.abort();
    return true;
  };
  await keepSweeping(sweep, { intervalMs: 1 }, () => undefined, over.signal);
  expect([most, sweeps]).toEqual([1, 3]);
});

test('ends at once, also in the middle of a pause, which lasts until then', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const over = new AbortController();
  const sweep = vi.fn(() => {
    over.abort();
    return Promise.resolve(false);
  });
  const sweeping = keepSweeping(sweep, { intervalMs: 1e8 }, () => undefined, over.signal);
  await new Promise(setImmediate);
  over.abort();
  await sweeping;
  expect(sweep).not.toHaveBeenCalled();
});
