import type { EpochMillis } from '../../core/event.js';

/** RFC 3339 in UTC with milliseconds. */
export function isoTime(at: EpochMillis): string;
export function isoTime(at: EpochMillis | null): string | null;
export function isoTime(at: EpochMillis | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
