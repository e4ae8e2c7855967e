/** The largest payload that is read, in bytes of JSON. No event may be larger, so none of our own is refused. */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * How many payloads are read of a call; none of ours has more than two. In 2 MiB there is room for a million empty ones.
 */
export const MAX_PAYLOADS = 10;

/** How deep a payload may be nested; an event has four levels or so. */
export const MAX_LEVELS = 64;

/**
 * Whether a value from outside has more than `MAX_LEVELS` levels. It goes level by level and never calls itself, so no
 * depth can overflow the stack; a cycle has too many levels.
 */
export function isNestedTooDeep(value: unknown): boolean {
  let level: ReadonlySet<unknown> = new Set([value]);
  for (let levels = 0; levels < MAX_LEVELS; levels++) {
    level = new Set([...level].flatMap(childrenOf));
    if (level.size === 0) return false;
  }
  return true;
}

const childrenOf = (value: unknown): readonly unknown[] =>
  isObject(value) ? Object.values(value).filter(isObject) : [];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The value as JSON. `JSON.stringify` calls itself for every level, so one that is nested too deep is not written. */
export const boundedJson = (value: unknown): string =>
  isNestedTooDeep(value)
    ? JSON.stringify(`nested deeper than ${MAX_LEVELS} levels`)
    : (JSON.stringify(value) ?? 'undefined');
