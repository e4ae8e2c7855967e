import { setTimeout as sleep } from 'node:timers/promises';

/** Tries again while what it takes is still away from an earlier fault; rejects with the last error after a minute. */
export async function insist<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline || signal?.aborted) throw error;
      await sleep(500, undefined, { signal }).catch(() => undefined);
    }
  }
}
