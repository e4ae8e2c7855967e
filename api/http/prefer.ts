import type { Request } from 'express';

const MAX_WAIT_SECONDS = 30;

/** Comma-separated, except for commas in quotes. */
const PREFERENCES = /(?:"(?:\\.|[^"\\])*"|[^,"])+/g;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240), at most 30; undefined without that preference. If there are several, the
 * first counts, even if it is invalid.
 */
export function preferredWait(request: Request): number | undefined {
  const preferences = (request.get('Prefer') ?? '').match(PREFERENCES) ?? [];
  const wait = preferences.find((text) => /^\s*wait\s*(=|;|$)/i.test(text)) ?? '';
  const [, seconds] = /^\s*wait\s*=\s*"?(\d+)"?\s*(;|$)/i.exec(wait) ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), MAX_WAIT_SECONDS);
}
