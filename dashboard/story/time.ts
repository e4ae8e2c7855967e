/** RFC 3339 to milliseconds since 1970. */
export const millis = (time: string): number => Date.parse(time);
