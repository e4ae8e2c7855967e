/** At most this share of the time is spent on computing. */
const LARGEST_SHARE = 0.1;

/**
 * Callers that ask while a computation runs share its result. The value is kept for `ms`, or up to `longestMs` if it takes
 * long to compute. A failure is not kept.
 */
export function shareFor<Value>(
  ms: number,
  compute: () => Promise<Value>,
  longestMs = Infinity,
): () => Promise<Value> {
  let shared: Promise<Value> | undefined;
  return () => {
    if (shared) return shared;
    const startedAt = Date.now();
    const forget = () => void (shared = undefined);
    shared = compute();
    shared.then(() => {
      const worthKeepingMs = (Date.now() - startedAt) / LARGEST_SHARE;
      setTimeout(forget, Math.min(longestMs, Math.max(ms, worthKeepingMs))).unref();
    }, forget);
    return shared;
  };
}
