/** RFC 3339 to Unix milliseconds. */
export const millis = (time: string): number => Date.parse(time);
