import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';

/** How long an answer may be held back, and what ends that early. */
export interface Patience {
  readonly until: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Looks again and again until there is something to see, or patience ends: then undefined. */
export async function lookUntil<T>(
  look: () => Promise<T | undefined>,
  { until, everyMs, signal }: Patience,
): Promise<T | undefined> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined || signal.aborted || Date.now() + everyMs > until) return seen;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Aborts when the client is gone, or when the API is asked to stop. */
export function endOfInterest(response: Response, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}

const MAX_WAIT_SECONDS = 30;

/** Separated by commas, but for those in quotes. */
const PREFERENCES = /(?:"(?:\\.|[^"\\])*"|[^,"])+/g;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most 30; undefined where there is no such preference. Of several the
 * first counts, even if it makes no sense.
 */
export function preferredWait(request: Request): number | undefined {
  const preferences = (request.get('Prefer') ?? '').match(PREFERENCES) ?? [];
  const wait = preferences.find((text) => /^\s*wait\s*(=|;|$)/i.test(text)) ?? '';
  const [, seconds] = /^\s*wait\s*=\s*"?(\d+)"?\s*(;|$)/i.exec(wait) ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}
