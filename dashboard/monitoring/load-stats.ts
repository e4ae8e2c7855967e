import type { Stats } from '../api/documents.js';
import { request, withQuery } from '../api/request.js';

/** The monitoring points of the orders that were placed in the last `minutes`. */
export function loadStats(minutes: number, buckets: number): Promise<Stats> {
  const to = new Date();
  const from = new Date(to.getTime() - minutes * 60_000);
  return request<Stats>(withQuery('/stats', { from: from.toISOString(), to: to.toISOString(), buckets }));
}
