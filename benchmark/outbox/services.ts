import type { Service } from '../../schemas/services.js';

/** The services that the benchmark has on the queue: those of the order's own story. */
export const queued = ['order', 'payment', 'inventory', 'notification'] as const satisfies readonly Service[];
export type Queued = (typeof queued)[number];
