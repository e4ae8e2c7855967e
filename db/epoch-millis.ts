/** A timestamp as the milliseconds that the rest of the program counts in: `EpochMillis`, or null. */
export const millis = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::bigint`;
