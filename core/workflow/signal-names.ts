/** The SDK fails the workflow task of a signal that has no name, or one of its own, before any handler sees it. */
const REFUSED = /^~*($|__temporal_)/;
const ESCAPED = /^~+($|__temporal_)/;

/** A name that the SDK takes for every name that it may be given; `originalName` reads it back. */
export const acceptableName = (name: string): string => (REFUSED.test(name) ? `~${name}` : name);

export const originalName = (name: string): string => (ESCAPED.test(name) ? name.slice(1) : name);
