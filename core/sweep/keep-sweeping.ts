import { setTimeout as sleep } from 'node:timers/promises';
import type { SweepSettings } from './sweep-store.js';

/** Resolves after so many ms, or as soon as the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Sweeps again and again until `signal` aborts, one sweep after the other. The pauses vary, so that workers that were
 * started together do not sweep together. `onState` is told after each sweep: undefined, or why it failed.
 */
export async function keepSweeping(
  sweep: () => Promise<boolean>,
  { intervalMs }: Pick<SweepSettings, 'intervalMs'>,
  onState: (error: unknown) => void,
  signal: AbortSignal,
  pause: Pause = pauseUnlessAborted,
): Promise<void> {
  const sweepOnce = async () => {
    const [hasMore, error] = await sweep().then(
      (more) => [more, undefined] as const,
      (reason: unknown) => [false, reason] as const,
    );
    onState(error);
    return hasMore;
  };
  await pause(Math.random() * intervalMs, signal);
  while (!signal.aborted) {
    const hasMore = await sweepOnce();
    await pause(hasMore ? Math.min(MORE, intervalMs) : intervalMs * (0.5 + Math.random()), signal);
  }
}

const pauseUnlessAborted: Pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** In ms: where there is more to do, the database still gets a rest. */
const MORE = 1_000;
