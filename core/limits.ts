/** The largest Avro `int`. */
export const LARGEST_INT = 2 ** 31 - 1;

/** The largest Avro `long` that avsc takes; JavaScript counts to one more. */
export const LARGEST_LONG = Number.MAX_SAFE_INTEGER - 1;

/** The last millisecond of the year 9999: a year of RFC 3339 has four digits. */
export const LATEST_TIME = 253_402_300_799_999;

/** The longest text in an event, in characters. */
export const LONGEST_TEXT = 1_000;

/** The longest array in an event. */
export const MOST_ENTRIES = 1_000;

/** The length of a text in characters. These are Unicode code points, as PostgreSQL and JSON Schema count them. */
export const charactersIn = (text: string): number => Array.from(text).length;
