/** Whose steps the workers run. */
export const kinds = ['plain', 'guarded'] as const;
export type Kind = (typeof kinds)[number];

export const taskQueueOf = (kind: Kind): string => `benchmark-${kind}`;
