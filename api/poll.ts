import { setTimeout as sleep } from 'node:timers/promises';

export interface Polling {
  /** Epoch ms. */
  readonly until: number;
  readonly everyMs: number;
  /** Ends the polling early. */
  readonly signal: AbortSignal;
}

/** Calls `look` until it finds something; undefined if time runs out or the signal aborts first. */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { until, everyMs, signal }: Polling,
): Promise<T | undefined> {
  for (;;) {
    const found = await look();
    if (found !== undefined || signal.aborted || Date.now() + everyMs > until) return found;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
