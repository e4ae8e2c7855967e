import type { EffectResult, Undelivered } from '../activity/effect.js';
import { isUuid } from '../event.js';

/** Whether an activity has ended with the result of an effect. */
export function isEffectResult(result: unknown): result is EffectResult<unknown> {
  const { row, unpublished } = (result ?? {}) as { readonly row?: unknown; readonly unpublished?: unknown };
  return hasStatus(row) && Array.isArray(unpublished) && unpublished.every(isUndelivered);
}

const hasStatus = (row: unknown): boolean =>
  typeof (row as { readonly status?: unknown } | null | undefined)?.status === 'string';

function isUndelivered(entry: unknown): entry is Undelivered {
  const { eventId, type } = (entry ?? {}) as Partial<Undelivered>;
  return isUuid(eventId) && typeof type === 'string';
}
