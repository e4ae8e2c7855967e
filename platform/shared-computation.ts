/** So much of the time may be spent on computing it again and again. */
const LARGEST_SHARE = 0.1;

/**
 * Lets all who ask meanwhile share one computation, and keeps its value for `ms`, or for longer where computing it
 * takes long. One that fails is not kept.
 */
export function shareFor<Value>(ms: number, compute: () => Promise<Value>): () => Promise<Value> {
  let shared: Promise<Value> | undefined;
  return () => {
    if (shared) return shared;
    const startedAt = Date.now();
    const forget = () => void (shared = undefined);
    shared = compute();
    shared.then(
      () => setTimeout(forget, Math.max(ms, (Date.now() - startedAt) / LARGEST_SHARE)).unref(),
      forget,
    );
    return shared;
  };
}
